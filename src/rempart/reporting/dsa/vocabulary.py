"""The words of the Transparency Database, and how long its texts may be.

Source: its own code and documentation (digital-services-act/transparency-database, June 2026), schema of 1 July 2025.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

VISIBILITY: Mapping[str, str] = {
    "removed": "DECISION_VISIBILITY_CONTENT_REMOVED",
    "disabled": "DECISION_VISIBILITY_CONTENT_DISABLED",
    "demoted": "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "age_restricted": "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "interaction_restricted": "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "labelled": "DECISION_VISIBILITY_CONTENT_LABELLED",
    "other": "DECISION_VISIBILITY_OTHER",
}
MONETARY: Mapping[str, str] = {
    "suspended": "DECISION_MONETARY_SUSPENSION",
    "terminated": "DECISION_MONETARY_TERMINATION",
    "other": "DECISION_MONETARY_OTHER",
}
PROVISION: Mapping[str, str] = {
    "partly_suspended": "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "suspended": "DECISION_PROVISION_TOTAL_SUSPENSION",
    "partly_terminated": "DECISION_PROVISION_PARTIAL_TERMINATION",
    "terminated": "DECISION_PROVISION_TOTAL_TERMINATION",
}
ACCOUNT: Mapping[str, str] = {
    "suspended": "DECISION_ACCOUNT_SUSPENDED",
    "terminated": "DECISION_ACCOUNT_TERMINATED",
}
ACCOUNT_TYPES: Mapping[str, str] = {"business": "ACCOUNT_TYPE_BUSINESS", "private": "ACCOUNT_TYPE_PRIVATE"}
ILLEGAL: Final = "DECISION_GROUND_ILLEGAL_CONTENT"
INCOMPATIBLE: Final = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
GROUNDS: Mapping[str, str] = {"illegal": ILLEGAL, "terms": INCOMPATIBLE}
CONTENT_TYPES: Mapping[str, str] = {
    "app": "CONTENT_TYPE_APP",
    "audio": "CONTENT_TYPE_AUDIO",
    "image": "CONTENT_TYPE_IMAGE",
    "product": "CONTENT_TYPE_PRODUCT",
    "synthetic_media": "CONTENT_TYPE_SYNTHETIC_MEDIA",
    "text": "CONTENT_TYPE_TEXT",
    "video": "CONTENT_TYPE_VIDEO",
    "other": "CONTENT_TYPE_OTHER",
}
SOURCES: Mapping[str, str] = {
    "article_16": "SOURCE_ARTICLE_16",
    "trusted_flagger": "SOURCE_TRUSTED_FLAGGER",
    "other_notice": "SOURCE_TYPE_OTHER_NOTIFICATION",
    "own_initiative": "SOURCE_VOLUNTARY",
}
AUTOMATED_DECISIONS: Final = (
    "AUTOMATED_DECISION_FULLY",
    "AUTOMATED_DECISION_PARTIALLY",
    "AUTOMATED_DECISION_NOT_AUTOMATED",
)
BY_PEOPLE: Final = "AUTOMATED_DECISION_NOT_AUTOMATED"
CATEGORY: Final = "STATEMENT_CATEGORY_"
CATEGORIES: Final = (
    "animal_welfare",
    "consumer_information",
    "cyber_violence",
    "cyber_violence_against_women",
    "data_protection_and_privacy_violations",
    "illegal_or_harmful_speech",
    "intellectual_property_infringements",
    "negative_effects_on_civic_discourse_or_elections",
    "not_specified_notice",
    "other_violation_tc",
    "protection_of_minors",
    "risk_for_public_security",
    "scams_and_fraud",
    "self_harm",
    "unsafe_and_prohibited_products",
    "violence",
)
MINORS: Final = "protection_of_minors"
# The server ties no keyword to a category. These are the ones that we know, and we do.
KEYWORDS: Mapping[str, str] = {
    "age_specific_restrictions": "KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS",
    "abuse_material": "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
    "abuse_material_deepfake": "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
    "grooming": "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
    "unsafe_challenges": "KEYWORD_UNSAFE_CHALLENGES",
}
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU: Final = tuple(_EU.split())
EEA: Final = (*EU, "IS", "LI", "NO")
# ISO 639-1, in capitals as the database wants them.
_LANGUAGES = """
AA AB AE AF AK AM AN AR AS AV AY AZ BA BE BG BH BI BM BN BO BR BS CA CE CH CO CR CS CU CV CY DA DE DV DZ EE EL EN EO ES
ET EU FA FF FI FJ FO FR FY GA GD GL GN GU GV HA HE HI HO HR HT HU HY HZ IA ID IE IG II IK IO IS IT IU JA JV KA KG KI KJ
KK KL KM KN KO KR KS KU KV KW KY LA LB LG LI LN LO LT LU LV MG MH MI MK ML MN MR MS MT MY NA NB ND NE NG NL NN NO NR NV
NY OC OJ OM OR OS PA PI PL PS PT QU RM RN RO RU RW SA SC SD SE SG SI SK SL SM SN SO SQ SR SS ST SU SV SW TA TE TG TH TI
TK TL TN TO TR TS TT TW TY UG UK UR UZ VE VI VO WA WO XH YI YO ZA ZH ZU
"""
LANGUAGES: Final = frozenset(_LANGUAGES.split())
# Texts that a person writes, with the most characters that the database takes.
TEXTS: Mapping[str, int] = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "decision_facts": 5000,
}
END_DATES: Mapping[str, str] = {
    "decision_visibility": "end_date_visibility_restriction",
    "decision_monetary": "end_date_monetary_restriction",
    "decision_provision": "end_date_service_restriction",
    "decision_account": "end_date_account_restriction",
}
CONTENT_SINCE, APPLIED_SINCE, UNTIL = date(2000, 1, 1), date(2020, 1, 1), date(2038, 1, 1)
MOST_PER_BATCH: Final = 100
