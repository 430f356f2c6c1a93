"""Messages of errors in French, by their English words: the part before the `;`, and the help behind it.

A message that does not stand here is shown in English. `#` stands for a number, such as that of a case.
"""

FRENCH: dict[str, str] = {
    "there is nothing at this address": "il n’y a rien à cette adresse",
    "check its spelling": "vérifiez son orthographe",
    "something is broken on the server": "une erreur s’est produite sur le serveur",
    "tell its operator when this happened": "signalez à l’exploitant quand cela s’est produit",
    "the request cannot be understood": "la demande ne peut pas être comprise",
    "check how it is written": "vérifiez comment elle est écrite",
    "the request is larger than this server takes": "l’envoi dépasse ce que ce serveur accepte",
    "send less at once": "envoyez moins à la fois",
    "too much was sent from this address": "trop d’envois proviennent de cette adresse",
    "wait and send it again": "attendez, puis recommencez",
    "the form is not valid any more": "le formulaire n’est plus valable",
    "load the page again and send it anew": "rechargez la page et recommencez",
    "this was sent from another site": "cet envoi provient d’un autre site",
    "open the page here and send it again": "ouvrez la page ici et recommencez",
    "the database cannot be used now": "la base de données est momentanément indisponible",
    "nothing was kept": "rien n’a été enregistré",
    "this link does not work any more": "ce lien ne fonctionne plus",
    "ask for a new one": "demandez-en un nouveau",
    "a few random words are a good one": "quelques mots choisis au hasard conviennent bien",
    "the password is shorter than 12 characters": "le mot de passe compte moins de 12 caractères",
    "the password is longer than 256 characters": "le mot de passe compte plus de 256 caractères",
    "choose a shorter one": "choisissez-en un plus court",
    "the password is the same as the login": "le mot de passe est identique à l’identifiant",
    "choose another one": "choisissez-en un autre",
    "this login is taken": "cet identifiant est déjà pris",
    "a login has 3 to 120 characters and no space": "un identifiant compte de 3 à 120 caractères, sans espace",
    "an e-mail address is a good one": "une adresse électronique convient bien",
    "a name has 1 to 120 characters": "un nom compte de 1 à 120 caractères",
    "it is shown to administrators only": "il n’est montré qu’à l’administration",
    "the code is not right": "le code est inexact",
    "check the clock of the telephone and enter the next code": (
        "vérifiez l’heure du téléphone et saisissez le code suivant"
    ),
    "one-time codes are set up already": "les codes à usage unique sont déjà activés",
    "an administrator can reset them": "l’administration peut les réinitialiser",
    "nobody changes their own rights": "personne ne modifie ses propres droits",
    "ask another administrator": "adressez-vous à une autre personne de l’administration",
    "this is the last administrator": "c’est la dernière personne de l’administration",
    "make somebody else one first": "confiez d’abord ce rôle à quelqu’un d’autre",
    "a token of this name exists already, perhaps revoked": "un jeton de ce nom existe déjà, peut-être révoqué",
    "choose another name": "choisissez un autre nom",
    "a token needs a name of 1 to 80 characters": "un jeton porte un nom de 1 à 80 caractères",
    "say which programme it is for": "indiquez à quel programme il est destiné",
    "this session does not exist": "cette session n’existe pas",
    "it may have ended already": "elle est peut-être déjà close",
    "your organisation's sign-in does not answer": "le service de connexion de votre organisation ne répond pas",
    "try again in a minute, or sign in with your password": (
        "réessayez dans une minute, ou connectez-vous avec votre mot de passe"
    ),
    "your organisation's sign-in is not set up rightly": (
        "le service de connexion de votre organisation est mal configuré"
    ),
    "sign in with your password, and tell the operator": (
        "connectez-vous avec votre mot de passe et prévenez l’exploitant"
    ),
    "signing in through your organisation did not work": "la connexion par votre organisation a échoué",
    "begin again, or use your password": "recommencez, ou utilisez votre mot de passe",
    "you have no account here yet": "vous n’avez pas encore de compte ici",
    "ask an administrator for an invitation": "demandez une invitation à l’administration",
    "nobody signs in through a provider here": "la connexion par une organisation n’est pas proposée ici",
    "use your password": "utilisez votre mot de passe",
    "the record changed meanwhile, or exists already": "la fiche a changé entre-temps, ou existe déjà",
    "load it anew and try again": "rechargez-la et réessayez",
    "no decision can be contested with this number and this code": (
        "aucune décision ne peut être contestée avec ce numéro et ce code"
    ),
    "check both as they were given to you": "vérifiez-les tels qu’ils vous ont été remis",
    "nothing was decided here yet that can be contested": "rien n’a encore été décidé ici qui puisse être contesté",
    "look again later": "revenez plus tard",
    "the time for an appeal against this decision is over": "le délai pour contester cette décision est écoulé",
    "a court is open to you still": "la voie judiciaire vous reste ouverte",
    "this decision is being looked at again already": "cette décision est déjà en cours de réexamen",
    "what comes of it will be told to you, too": "vous en connaîtrez aussi l’issue",
    "this decision was looked at again already": "cette décision a déjà été réexaminée",
    "a body outside of this service, or a court, is open to you": (
        "vous pouvez saisir un organe extérieur à ce service, ou un tribunal"
    ),
    "say why the decision is wrong": "dites pourquoi la décision est erronée",
    "a few words are enough": "quelques mots suffisent",
    "the grounds have at most 5000 characters": "les motifs comptent au plus 5000 caractères",
    "shorten them": "raccourcissez-les",
    "this form was sent before with another number": "ce formulaire a déjà été envoyé avec un autre numéro",
    "load the page again": "rechargez la page",
    "an answer gives reasons in 20 to 5000 characters": "une réponse motive en 20 à 5000 caractères",
    "write it again": "récrivez-la",
    "a decision that is upheld keeps its code": "une décision maintenue garde son code",
    "leave the code open, or overturn it": "ne choisissez pas de code, ou annulez la décision",
    "a decision that is overturned needs another code": "une décision annulée demande un autre code",
    "choose one": "choisissez-en un",
    "this is the code that the decision has already": "la décision porte déjà ce code",
    "choose another one, or uphold it": "choisissez-en un autre, ou maintenez-la",
    "what follows from the decision is still being carried out": "les suites de la décision sont en cours d’exécution",
    "try again in a moment": "réessayez dans un instant",
    "there is no case #": "il n’y a pas de dossier #",
    "look it up in the queue": "cherchez-le dans la file",
    "case # is held by somebody else": "le dossier # est en main ailleurs",
    "wait until they release it, or claim another one": "attendez qu’il soit rendu, ou prenez-en un autre",
    "case # is not yours now: the lease ended or somebody else took it": (
        "le dossier # n’est plus à vous : la réservation est terminée ou quelqu’un d’autre l’a pris"
    ),
    "claim it again": "reprenez-le",
    "case # is not yours now": "le dossier # n’est pas à vous en ce moment",
    "claim it before you look": "prenez-le avant de le consulter",
    "claim it before you say what belongs to it": "prenez-le avant de dire ce qui en fait partie",
    "case # is decided": "le dossier # est décidé",
    "it can be appealed or opened again, not claimed": "il peut être contesté ou rouvert, mais pas pris",
    "case # waits for a senior": "le dossier # attend un responsable",
    "case # waits for somebody who has not judged it yet": "le dossier # attend quelqu’un qui ne l’a pas encore jugé",
    "claim another one": "prenez-en un autre",
    "case # was decided a moment ago and may still be undone": (
        "le dossier # vient d’être décidé et la décision peut encore être annulée"
    ),
    "try again shortly": "réessayez dans un instant",
    "case # is free already": "le dossier # est déjà libre",
    "nothing was changed": "rien n’a été modifié",
    "case # is open": "le dossier # est ouvert",
    "case # is closed already": "le dossier # est déjà clos",
    "case # waits for another judgement": "le dossier # attend un autre avis",
    "it can be closed once it is decided": "il pourra être clos une fois décidé",
    "release it before you close it": "libérez-le avant de le clore",
    "an order runs on case #": "une injonction porte sur le dossier #",
    "answer it before you close the case": "répondez-y avant de clore le dossier",
    "a decided case is closed as done, one that nobody has judged for another reason": (
        "un dossier décidé se clôt une fois tout fait, un dossier non jugé pour un autre motif"
    ),
    "choose it": "choisissez-le",
    "cases # and # belong together already": "les dossiers # et # vont déjà ensemble",
    "cases # and # do not belong together": "les dossiers # et # ne vont pas ensemble",
    "choose a member from the list": "choisissez un membre de la liste",
    "case # belongs to itself already": "le dossier # est déjà le vôtre",
    "give the number of another one": "donnez le numéro d’un autre",
    "decision # is not yours": "la décision # n’est pas la vôtre",
    "only who decided undoes it": "seule la personne qui a décidé peut l’annuler",
    "decision # cannot be undone any more": "la décision # ne peut plus être annulée",
    "open the case again if it is wrong": "rouvrez le dossier si elle est erronée",
    "case # is judged by several people already": "le dossier # est déjà jugé par plusieurs personnes",
    "decide it, or release it": "décidez-le, ou rendez-le",
    "this lane is for seniors and supervisors": "cette file est réservée aux responsables et aux superviseurs",
    "this link showed its picture already, or is too old": "ce lien a déjà montré son image, ou est trop ancien",
    "ask again on the case": "redemandez-la depuis le dossier",
    "this preview is not open": "cet aperçu n’est pas ouvert",
    "ask for it again on its case": "redemandez-le depuis son dossier",
    "a note has # to # characters": "une note compte de # à # caractères",
    "a reason has at most # characters": "un motif compte au plus # caractères",
    "write the rest as a note": "écrivez le reste dans une note",
    "how the sender was verified is missing": "il manque la manière dont l’expéditeur a été vérifié",
    "the sender of this order is verified already": "l’expéditeur de cette injonction est déjà vérifié",
    "the order is at another step now": "l’injonction en est maintenant à une autre étape",
    "nothing was changed, look at it again": "rien n’a été modifié, consultez-la de nouveau",
    "effect was given between the receipt of the order and now": (
        "la suite a été donnée entre la réception de l’injonction et maintenant"
    ),
    "correct the time": "corrigez l’heure",
    "the cause ended between the answer that it was impossible and now": (
        "l’empêchement a pris fin entre la réponse donnée et maintenant"
    ),
    "the user was told between the receipt of the order and now": (
        "l’utilisateur a été informé entre la réception de l’injonction et maintenant"
    ),
    "the authority asked that the user is not told yet": (
        "l’autorité a demandé que l’utilisateur ne soit pas encore informé"
    ),
    "wait until the time that it set": "attendez l’heure qu’elle a fixée",
    "there is no such kind of order": "ce type d’injonction n’existe pas",
    "an order to remove names the addresses": "une demande de retrait indique les adresses",
    "give at least one": "donnez-en au moins une",
    "an order for information names accounts or addresses": (
        "une demande d’informations indique des comptes ou des adresses"
    ),
    "an order has at most # addresses and as many accounts": (
        "une injonction compte au plus # adresses et autant de comptes"
    ),
    "add the rest as another": "enregistrez le reste à part",
    "`received_at` is when the order reached you, within the last year": (
        "la réception est le moment où l’injonction vous est parvenue, il y a un an au plus"
    ),
    "correct it": "corrigez",
    "`due_at` comes after the receipt of the order": "l’échéance vient après la réception de l’injonction",
    "an order with this reference stands in the register, with other contents or another time of receipt": (
        "une injonction de cette référence est déjà enregistrée, avec un autre contenu ou une autre heure de réception"
    ),
    "if both are right, give this one a reference that tells them apart": (
        "si les deux sont exactes, donnez à celle-ci une référence qui les distingue"
    ),
    "what the order is about, or its language, is missing": "il manque l’objet ou la langue de l’injonction",
    "choose": "choisissez",
    "`received_at` is missing: a time is never filled in for you": (
        "il manque l’heure de réception : une heure n’est jamais remplie à votre place"
    ),
    "`at` is missing: a time is never filled in for you": (
        "il manque une heure : une heure n’est jamais remplie à votre place"
    ),
    "write it": "indiquez-la",
    "the form cannot be read": "le formulaire ne peut pas être lu",
    "send it in UTF-8": "envoyez-le en UTF-8",
    "only what was judged illegal is given notice of": "seul ce qui a été jugé illicite est notifié",
    "decide the case, or withdraw this": "décidez du dossier, ou abandonnez ce signalement",
    "nobody states that it is accurate and complete": "personne ne déclare que la notification est exacte et complète",
    "a notice needs that": "c’est nécessaire",
    "the police come first": "la police passe d’abord",
    "answer when the addressee may be told": "répondez quand le destinataire peut être prévenu",
    "the case has no address there": "le dossier n’a aucune adresse chez cet hôte",
    "correct the host, or add the address to the case": "corrigez l’hôte, ou ajoutez l’adresse au dossier",
    "nobody named one mail address for these hosts": "aucune adresse électronique commune n’est connue pour ces hôtes",
    "answer the question, or set `contacts`": "répondez à la question, ou complétez `contacts` dans les réglages",
    "this is no mail address": "ce n’est pas une adresse électronique",
    "correct the answer": "corrigez la réponse",
    "answer the question, or choose the classification `none`": (
        "répondez à la question, ou choisissez la classification « aucune »"
    ),
    "a mail that may have left cannot be taken back": "un courriel peut-être parti ne se reprend pas",
    "write to whoever got it, or draft a correction": "écrivez à qui l’a reçu, ou préparez une rectification",
}
