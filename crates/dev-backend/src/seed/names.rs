//! The words that companies and people are named with.

pub(super) const FIRST_WORDS: [&str; 24] = [
    "Amber",
    "Anchor",
    "Beacon",
    "Cedar",
    "Cobalt",
    "Copper",
    "Eastfield",
    "Falcon",
    "Golden",
    "Granite",
    "Harvest",
    "Ironwood",
    "Juniper",
    "Lakeside",
    "Meadow",
    "Northgate",
    "Orchard",
    "Pine",
    "Prairie",
    "Riverside",
    "Southport",
    "Summit",
    "Westbrook",
    "Willow",
];

pub(super) const TRADES: [&str; 20] = [
    "Accounting",
    "Bakery",
    "Brewing",
    "Catering",
    "Clinic",
    "Cycles",
    "Dental",
    "Fitness",
    "Florist",
    "Landscaping",
    "Motors",
    "Optical",
    "Plumbing",
    "Realty",
    "Roofing",
    "Studio",
    "Tailoring",
    "Tutoring",
    "Veterinary",
    "Workshop",
];

pub(super) const FORMS: [&str; 9] = [
    "",
    " Inc",
    " LLC",
    " Co",
    " Group",
    " Partners",
    " Works",
    " Services",
    " Associates",
];

pub(super) const GIVEN: [&str; 20] = [
    "Ana", "Ben", "Carla", "Dmitri", "Elif", "Femi", "Grace", "Hiro", "Ines", "Jonas", "Kofi",
    "Mara", "Olga", "Priya", "Rosa", "Samir", "Victor", "Wren", "Xavier", "Zoe",
];

pub(super) const FAMILY: [&str; 20] = [
    "Chen",
    "Dubois",
    "Eriksen",
    "Fofana",
    "Garcia",
    "Haddad",
    "Ivanov",
    "Johansson",
    "Khan",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quintero",
    "Rossi",
    "Sato",
    "Torres",
    "Varga",
    "Weiss",
];

/// Names that a page must show as text and in one piece, whatever they hold.
pub(super) fn awkward_name(index: usize) -> Option<String> {
    Some(match index {
        3 => "<b>Bold & \"Quoted\"</b> Ltd".to_owned(),
        5 => "<script>alert('lead')</script> & Sons".to_owned(),
        8 => "شركة الميناء للتجارة".to_owned(),
        11 => "מאפיית הגליל בע\"מ".to_owned(),
        14 => "Bäckerei Müßig & Søn 🥐🍞 (家族経営)".to_owned(),
        17 => "👩‍👩‍👧‍👦 Family Clinic 🇳🇴".to_owned(),
        20 => format!("{} Holdings", "Extraordinarily Long ".repeat(40).trim_end()),
        23 => "O'Brien; DROP TABLE leads;--".to_owned(),
        26 => "100 % Organic_Farm".to_owned(),
        29 => "  Spaces   Inside \t Co ".to_owned(),
        _ => return None,
    })
}
