"""Messages of errors in French, by their English words: the part before the `;`, and the help behind it.

A message that does not stand here is shown in English.
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
}
