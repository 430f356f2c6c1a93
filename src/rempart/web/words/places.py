"""Texts about where content is hosted, and whether it is still there."""

WORDS: dict[str, tuple[str, str]] = {
    "places.about": ("Who hosts it", "Qui l’héberge"),
    "places.hosted": ("Kind", "Nature"),
    "places.hosted.web": ("public web", "web public"),
    "places.hosted.own": ("our own platform", "notre propre plateforme"),
    "places.hosted.onion": ("onion service", "service en oignon"),
    "places.hosted.unknown": ("not known", "inconnue"),
    "places.country": ("Country", "Pays"),
    "places.provider": ("Provider", "Fournisseur"),
    "places.server": ("Address of the server", "Adresse du serveur"),
    "places.proxy": ("Proxy", "Mandataire"),
    "places.proxied": (
        "yes: the machine behind it, and its country, are not known; ask the proxy for the origin",
        "oui : la machine derrière lui et son pays sont inconnus ; demandez-lui l’origine",
    ),
    "places.source": ("According to", "D’après"),
    "places.resolved": ("Found out", "Recherché"),
    "places.last": ("Last look", "Dernier contrôle"),
    "places.next": ("next look", "prochain contrôle"),
    "places.watch.scheduled": ("not looked at yet", "pas encore contrôlé"),
    "places.watch.up": ("still there", "toujours en ligne"),
    "places.watch.suspect_down": ("not found lately", "introuvable depuis peu"),
    "places.watch.unreachable": ("cannot be reached", "injoignable"),
    "places.watch.moved": ("moved", "déménagé"),
    "places.watch.down": ("down", "hors ligne"),
    "places.watch.returned": ("is back", "revenu"),
    "places.because.own": ("it stands on our own platform", "il se trouve sur notre plateforme"),
    "places.because.home": ("it is hosted in this country", "il est hébergé dans ce pays"),
    "places.because.abroad_member": (
        "it is hosted abroad, where there is a hotline",
        "il est hébergé à l’étranger, où il y a un point de contact",
    ),
    "places.because.abroad_alone": (
        "it is hosted abroad, where there is no hotline",
        "il est hébergé à l’étranger, sans point de contact",
    ),
    "places.because.onion": ("it is an onion service", "c’est un service en oignon"),
    "places.because.unknown": ("nobody knows where it is hosted", "personne ne sait où il est hébergé"),
    "places.by_hand": ("To be told by hand", "À prévenir à la main"),
    "places.ask": ("Find out again where it is hosted", "Rechercher à nouveau l’hébergement"),
    "places.asked": (
        "The worker finds out where it is hosted, and drafts what is missing.",
        "L’hébergement est recherché ; ce qui manque sera préparé.",
    ),
    "places.lacks.resolvers": (
        "Nothing is ever called down: that takes two DNS servers. Set REMPART_NET__RESOLVERS.",
        "Rien ne sera déclaré hors ligne : il faut deux serveurs DNS. Réglez REMPART_NET__RESOLVERS.",
    ),
    "places.lacks.databases": (
        "Nobody knows the country of a server. Set REMPART_REPORTING__HOSTING__DATABASES.",
        "Le pays d’un serveur reste inconnu. Réglez REMPART_REPORTING__HOSTING__DATABASES.",
    ),
    "places.lacks.look": (
        "Only names are asked for, no server. Set REMPART_NET__LOOK to true.",
        "Seuls les noms sont vérifiés, aucun serveur. Mettez REMPART_NET__LOOK à true.",
    ),
}
