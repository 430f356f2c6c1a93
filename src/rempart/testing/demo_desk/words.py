"""What the people of the demo write. The policy is "no purple dragons", and everybody takes it seriously."""

from dataclasses import dataclass
from typing import Final

from rempart.cases.intake.told import Category, NoticeLanguage


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in somebody's words."""

    text: str
    category: Category = "abuse_material"
    language: NoticeLanguage = "en"
    urgent: bool = False
    self_report: bool = False


ACCOUNTS: Final = ("knight", "smith", "miller", "baker", "fisher", "gardener", "archer")
REASON: Final = "looked at twice; the wings decide"
DOUBT: Final = "I see a heron"
NOTE: Final = "the tail looks new to me; please compare with the dragon of last week"
OWN_NOTICE_KEY: Final = "demo-own-notice"
OWN_NOTICE: Final = "There is a purple dragon on the roof of the town hall. It has been there since Monday."
ORDER: Final = "The dragon at this address is purple. It is to be removed."
ORDER_INFORMATION: Final = "Please say since when the dragon at this address has been purple."
EFFECT: Final = "the address answers 404"
CONTESTED: Final = "A purple dragon, hidden behind the curtain of this page."
CONTESTED_FR: Final = "Un dragon violet se cache derrière le rideau de cette page."
GROUNDS: Final = "It is not a heron. Herons have no scales, and the curtain does not count."
GROUNDS_FR: Final = "Ce n’est pas un héron : les hérons n’ont pas d’écailles."
GROUNDS_USER: Final = "My dragon is violet. The policy speaks of purple."
OVERTURNED: Final = "You are right: behind the curtain it is purple, and it goes."
UPHELD: Final = "We looked again, with another lamp. It is a heron."

NOTICES: Final = (
    Said("A purple dragon sits on the roof in this picture. The policy of the castle forbids it."),
    Said("Un dragon violet dort sur la place du village, bien visible.", language="fr"),
    Said("Somebody offers purple dragon eggs on this page.", "place"),
    Said("Cette image de dragon semble faite par une machine.", "ai_material", "fr"),
    Said("This account shows dragons, some of them rather purple.", "other"),
    Said("Le même dragon violet que la semaine dernière, avec un chapeau.", language="fr"),
    Said("A dragon drawn by a machine, I believe; purple all over.", "ai_material"),
    Said("Un forum entier sur les dragons violets.", "place", "fr"),
)
LAST: Final = (
    Said("The photograph shows a purple dragon in our garden, taken this week."),
    Said("Image de dragon violet, créée par un générateur d’après la légende.", "ai_material", "fr"),
    Said("A page full of purple dragons; I do not know whose it is.", "place"),
    Said("Un dragon violet parle en ce moment même avec un jeune chevalier.", "contact", "fr", urgent=True),
    Said("I am the dragon in this picture, and I want it gone.", self_report=True),
    Said("Une affiche de dragon violet près de l’école des chevaliers.", "other", "fr"),
)
