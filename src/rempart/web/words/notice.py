"""Texts of the public notice form, of what follows it, and of who helps."""

_LONG = ("This is too long: at most {most} characters.", "Trop long : {most} caractères au plus.")
WORDS: dict[str, tuple[str, str]] = {
    "notice.title": ("Make a notice", "Faire un signalement"),
    "notice.lead": (
        "Tell us of content or behaviour on the internet that harms a child. "
        "You need no account and may stay anonymous.",
        "Signalez un contenu ou un comportement sur internet qui porte atteinte à un enfant. "
        "Aucun compte n’est nécessaire et vous pouvez rester anonyme.",
    ),
    "notice.danger": ("Is a child in danger now?", "Un enfant est en danger maintenant ?"),
    "notice.danger_here": (
        "Call the police or the emergency services first ({country}):",
        "Appelez d’abord la police ou les secours ({country}) :",
    ),
    "notice.danger_anywhere": (
        "Call the emergency number of your country first: 112 in the European Union, 999 in the United Kingdom, "
        "911 in the United States and Canada.",
        "Appelez d’abord le numéro d’urgence de votre pays : 112 dans l’Union européenne, 999 au Royaume-Uni, "
        "911 aux États-Unis et au Canada.",
    ),
    "notice.or": ("or", "ou"),
    "notice.more_help": ("Other lines, other countries", "Autres numéros, autres pays"),
    "notice.caution_title": ("Do not download it, and keep no copy", "Ne téléchargez rien, ne gardez aucune copie"),
    "notice.caution": (
        "Keeping or passing on such pictures can be a crime, even to report them. Do not search for more. "
        "The address of the page is enough. If you have been sent something already, you can attach it here; "
        "it is sealed before anybody opens it.",
        "Conserver ou transmettre de telles images peut être un délit, même pour les signaler. N’en cherchez pas "
        "d’autres. L’adresse de la page suffit. Si l’on vous a déjà envoyé quelque chose, vous pouvez le joindre ici : "
        "le fichier est scellé avant que quiconque l’ouvre.",
    ),
    "notice.problems": ("The notice has not been sent yet", "Le signalement n’est pas encore envoyé"),
    "notice.problems_help": (
        "Nothing of what you wrote is lost. Please correct this:",
        "Rien de ce que vous avez écrit n’est perdu. Veuillez corriger :",
    ),
    "notice.files_again": (
        "Browsers do not keep chosen files: please choose them again.",
        "Les navigateurs ne gardent pas les fichiers choisis : veuillez les choisir à nouveau.",
    ),
    "notice.unavailable": (
        "The notice could not be kept: we are out of order for a moment. Nothing of what you wrote is lost. "
        "Please send it again in a minute.",
        "Le signalement n’a pas pu être enregistré : le service est momentanément indisponible. Rien de ce que vous "
        "avez écrit n’est perdu. Veuillez le renvoyer dans une minute.",
    ),
    "notice.category": ("What is it about?", "De quoi s’agit-il ?"),
    "notice.category.abuse_material": (
        "Pictures or videos of the sexual abuse of a child",
        "Images ou vidéos d’abus sexuels sur un enfant",
    ),
    "notice.category.ai_material": (
        "Such pictures that seem made or changed by AI",
        "De telles images qui semblent créées ou modifiées par une IA",
    ),
    "notice.category.contact": (
        "An adult approaches a child sexually",
        "Un adulte fait des avances sexuelles à un enfant",
    ),
    "notice.category.blackmail": (
        "Somebody blackmails a child or a young person with pictures",
        "Quelqu’un fait chanter un enfant ou un jeune avec des images",
    ),
    "notice.category.live": ("Abuse that is streamed live", "Des abus diffusés en direct"),
    "notice.category.place": (
        "A site, group or account where such material is exchanged",
        "Un site, un groupe ou un compte où de tels contenus s’échangent",
    ),
    "notice.category.other": ("Something else that is illegal", "Autre contenu illégal"),
    "notice.needs_name": (
        "the law asks for your name and e-mail address, unless a child is in danger now",
        "la loi demande votre nom et votre adresse électronique, sauf si un enfant est en danger maintenant",
    ),
    "notice.going_on": ("it may be going on now", "c’est peut-être en cours"),
    "notice.urls": ("Where is it? Exact addresses, one on each line", "Où ? Adresses exactes, une par ligne"),
    "notice.urls_help": (
        "Copy the address of the very page, picture or profile, such as https://example.org/page. "
        "In an app: the name of the app goes below, with the name of the account or group.",
        "Copiez l’adresse exacte de la page, de l’image ou du profil, par exemple https://example.org/page. "
        "Dans une application : indiquez plus bas son nom, et celui du compte ou du groupe.",
    ),
    "notice.description": ("Why do you report it?", "Pourquoi le signalez-vous ?"),
    "notice.description_help": (
        "What you saw, in your own words: how it got to you, who shares it, why it is illegal. Few words are enough.",
        "Ce que vous avez vu, avec vos mots : comment vous y êtes arrivé, qui le diffuse, pourquoi c’est illégal. "
        "Quelques mots suffisent.",
    ),
    "notice.seen_at": ("When did you see it?", "Quand l’avez-vous vu ?"),
    "notice.seen_at_help": (
        "Day and time as well as you know them, and where you were (time zone).",
        "Jour et heure, si vous les connaissez, et le lieu où vous étiez (fuseau horaire).",
    ),
    "notice.files": ("Files", "Fichiers"),
    "notice.files_help": (
        "Only what you have already, at most {most} files of {each} MB each, {all} MB in all.",
        "Uniquement ce que vous avez déjà : {most} fichiers au plus, de {each} Mo chacun, {all} Mo en tout.",
    ),
    "notice.files_none": (
        "Please choose fewer or smaller files.",
        "Veuillez choisir moins de fichiers, ou plus petits.",
    ),
    "notice.urgency": ("How urgent is it?", "Quelle est l’urgence ?"),
    "notice.urgent": ("A child is in danger now", "Un enfant est en danger maintenant"),
    "notice.self_report": (
        "It is about me: I am, or was then, under 18",
        "Cela me concerne : j’ai, ou j’avais alors, moins de 18 ans",
    ),
    "notice.who": ("Who are you?", "Qui êtes-vous ?"),
    "notice.who_help": (
        "You may leave this empty, unless it is about “something else that is illegal”. We send no e-mail by "
        "ourselves: with a number and a code, which you get next, you can see what becomes of the notice.",
        "Vous pouvez laisser ces champs vides, sauf pour « Autre contenu illégal ». Nous n’envoyons pas de courriel "
        "de nous-mêmes : un numéro et un code, donnés ensuite, vous permettront de suivre le signalement.",
    ),
    "notice.who_help_mail": (
        "You may leave this empty, unless it is about “something else that is illegal”. If you leave an address, we "
        "write to it twice: that the notice came, and what was decided; never what it is about.",
        "Vous pouvez laisser ces champs vides, sauf pour « Autre contenu illégal ». Si vous laissez une adresse, nous "
        "vous écrirons deux fois : à la réception, puis après la décision ; jamais sur le contenu.",
    ),
    "notice.name": ("Name", "Nom"),
    "notice.email": ("E-mail", "Adresse électronique"),
    "notice.good_faith": (
        "I believe in good faith that what I write here is accurate and complete.",
        "Je déclare de bonne foi que ce que j’écris ici est, à ma connaissance, exact et complet.",
    ),
    "notice.send": ("Send the notice", "Envoyer le signalement"),
    "notice.after": (
        "A person reads every notice. What you send is stored sealed; the address of your device is not stored.",
        "Chaque signalement est lu par une personne. Ce que vous envoyez est conservé scellé ; "
        "l’adresse de votre appareil n’est pas conservée.",
    ),
    "notice.wrong.category.missing": ("Choose what it is about.", "Indiquez de quoi il s’agit."),
    "notice.wrong.urls.nothing": (
        "Give an address, or say in words where it is, or attach a file.",
        "Donnez une adresse, ou dites avec vos mots où cela se trouve, ou joignez un fichier.",
    ),
    "notice.wrong.urls.missing": ("Give the exact address.", "Donnez l’adresse exacte."),
    "notice.wrong.urls.wrong": (
        "Not a web address (line {lines}): write the whole address, such as https://example.org/page, and anything "
        "else in the field below.",
        "Ce n’est pas une adresse web (ligne {lines}) : écrivez l’adresse entière, par exemple "
        "https://example.org/page, et le reste dans le champ suivant.",
    ),
    "notice.wrong.urls.many": (
        "These are more than {most} addresses: send the others in a second notice.",
        "Il y a plus de {most} adresses : envoyez les autres dans un second signalement.",
    ),
    "notice.wrong.urls.long": _LONG,
    "notice.wrong.description.missing": ("Say why it is illegal.", "Dites pourquoi c’est illégal."),
    "notice.wrong.description.long": _LONG,
    "notice.wrong.seen_at.long": _LONG,
    "notice.wrong.files.many": ("Attach at most {most} files.", "Joignez au plus {most} fichiers."),
    "notice.wrong.files.large": (
        "A file is larger than {most} MB: leave it out; its address is enough.",
        "Un fichier dépasse {most} Mo : ne le joignez pas, son adresse suffit.",
    ),
    "notice.wrong.name.missing": (
        "For something else that is illegal, the law asks for your name.",
        "Pour un autre contenu illégal, la loi demande votre nom.",
    ),
    "notice.wrong.name.long": _LONG,
    "notice.wrong.email.missing": (
        "For something else that is illegal, the law asks for your e-mail address.",
        "Pour un autre contenu illégal, la loi demande votre adresse électronique.",
    ),
    "notice.wrong.email.wrong": (
        "This is not an e-mail address; you may leave it empty unless it is about something else that is illegal.",
        "Ce n’est pas une adresse électronique ; ce champ peut rester vide, sauf pour un autre contenu illégal.",
    ),
    "notice.wrong.email.long": _LONG,
    "notice.wrong.good_faith.missing": (
        "Confirm that what you write is accurate as far as you know.",
        "Confirmez que ce que vous écrivez est exact à votre connaissance.",
    ),
    "received.title": ("Thank you. We have your notice", "Merci, votre signalement est bien reçu"),
    "received.keep": (
        "Write these two down or print this page. They are shown once: we cannot give you the code again.",
        "Notez ces deux indications ou imprimez cette page. Elles ne s’affichent qu’une fois : "
        "nous ne pourrons pas vous redonner le code.",
    ),
    "received.number": ("Number", "Numéro"),
    "received.code": ("Secret code", "Code secret"),
    "received.files": (
        "{number} files arrived and were sealed.",
        "{number} fichiers sont arrivés et ont été scellés.",
    ),
    "received.file": ("1 file arrived and was sealed.", "1 fichier est arrivé et a été scellé."),
    "received.print": ("Print this page", "Imprimer cette page"),
    "received.next_title": ("What happens now", "Et maintenant"),
    "received.next": (
        "A person looks at your notice. The most dangerous for a child come first. Where the law asks for it, "
        "police and hosts are told.",
        "Une personne examine votre signalement. Les plus dangereux pour un enfant passent en premier. "
        "Lorsque la loi l’exige, la police et les hébergeurs sont prévenus.",
    ),
    "received.follow": (
        "With number and code you can see at any time what has become of it:",
        "Avec le numéro et le code, vous pouvez voir à tout moment où il en est :",
    ),
    "received.delete": (
        "If you have copies of what you reported, delete them now. If you are upset by what you saw, "
        "talk to somebody; the lines below are there for you, too.",
        "Si vous avez des copies de ce que vous avez signalé, supprimez-les maintenant. Si ce que vous avez vu "
        "vous a bouleversé, parlez-en ; les numéros ci-dessous sont aussi là pour vous.",
    ),
    "received.confirms": (
        "This page confirms that the notice was received (Digital Services Act, article 16).",
        "Cette page confirme la réception du signalement (règlement sur les services numériques, article 16).",
    ),
    "status.title": ("Follow a notice", "Suivre un signalement"),
    "status.lead": (
        "Enter the number and the secret code that you were given after sending.",
        "Saisissez le numéro et le code secret qui vous ont été donnés après l’envoi.",
    ),
    "status.show": ("Show", "Afficher"),
    "status.unknown": (
        "No notice has this number and this code. Check both as they were given to you.",
        "Aucun signalement ne porte ce numéro et ce code. Vérifiez les deux tels qu’ils vous ont été donnés.",
    ),
    "status.notice": ("Notice {number}", "Signalement {number}"),
    "status.received_at": ("Received", "Reçu"),
    "status.step": ("State", "État"),
    "status.step.received": ("Received. It waits for a person to look at it", "Reçu, en attente d’examen"),
    "status.step.being_reviewed": ("A person looks at it", "En cours d’examen par une personne"),
    "status.step.closed": ("Closed", "Clos"),
    "status.outcome": ("Decision", "Décision"),
    "status.outcome.illegal": (
        "The content was found to be illegal. It is dealt with as the law asks.",
        "Le contenu a été jugé illégal. Il est traité comme la loi le demande.",
    ),
    "status.outcome.against_rules": (
        "The content was found to be against the rules of the service. It is dealt with as these rules say.",
        "Le contenu a été jugé contraire aux règles du service. Il est traité comme ces règles le prévoient.",
    ),
    "status.outcome.no_action": (
        "The content was found not to be illegal. No action was taken.",
        "Le contenu n’a pas été jugé illégal. Aucune mesure n’a été prise.",
    ),
    "status.outcome.not_assessable": (
        "The content could not be assessed, because it was not there any more or could not be opened.",
        "Le contenu n’a pas pu être examiné : il n’était plus en ligne ou ne pouvait pas être ouvert.",
    ),
    "status.outcome_at": ("Decided", "Décidé"),
    "status.by_person": (
        "A person made the decision; machines only sort and compare.",
        "Une personne a pris la décision ; les machines ne font que trier et comparer.",
    ),
    "status.appeal_title": ("If you do not agree", "Si vous n’êtes pas d’accord"),
    "status.appeal": (
        "You can ask until {day} that somebody else looks at it again. It costs nothing.",
        "Vous pouvez demander jusqu’au {day} qu’une autre personne réexamine le signalement. C’est gratuit.",
    ),
    "status.appeal_do": ("Appeal", "Contester la décision"),
    "status.elsewhere": (
        "You can also turn to a certified out-of-court dispute settlement body, or to a court.",
        "Vous pouvez aussi saisir un organe certifié de règlement extrajudiciaire des litiges, ou un tribunal.",
    ),
    "status.lost": (
        "Without the code nobody can be shown a notice, so that nobody learns of another’s. If you have lost it, "
        "send the notice again.",
        "Sans le code, aucun signalement n’est montré, pour que personne n’apprenne rien de celui d’autrui. "
        "Si vous l’avez perdu, refaites le signalement.",
    ),
    "help.title": ("Who helps", "Qui peut aider"),
    "help.in": ("Help in {country}", "Aide : {country}"),
    "help.unknown": ("Help in your country", "Aide dans votre pays"),
    "help.country": ("Country", "Pays"),
    "help.choose": ("Choose a country", "Choisir un pays"),
    "help.show": ("Show", "Afficher"),
    "help.to_call": ("To call", "Par téléphone"),
    "help.to_write": ("To report to", "Où signaler"),
    "help.police": ("police", "police"),
    "help.hotline": ("hotline for content on the internet", "plateforme de signalement de contenus"),
    "help.directory": ("Hotlines of other countries: {name}", "Plateformes des autres pays : {name}"),
    "help.as_of": (
        "If a number does not answer, call the emergency services.",
        "Si un numéro ne répond pas, appelez les secours.",
    ),
    "help.kind.emergency": ("Emergency", "Urgence"),
    "help.kind.children": ("Children and families", "Enfants et familles"),
    "help.kind.adults": ("Adults who worry", "Adultes inquiets"),
    "help.kind.missing": ("Missing children", "Enfants disparus"),
    "help.kind.prevention": ("To keep from doing harm", "Pour ne pas passer à l’acte"),
    "help.to_form": ("To the notice form", "Vers le formulaire de signalement"),
}
