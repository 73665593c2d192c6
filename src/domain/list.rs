//! A list that somebody brings along: lines of identifiers, e-mail addresses or domains, or a table with a column of
//! them, and what became of each line.

use std::rc::Rc;

use super::lead::{Lead, LeadId};

/// The most lines that are looked up.
pub const LINES_MAX: usize = 10_000;

/// Splits a pasted text into rows of cells: commas, semicolons or tabs, with quotes as RFC 4180 has them. The separator
/// is the one that the first line has most of.
pub fn table(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    let mut separator = ',';
    for other in [';', '\t'] {
        if count(other) > count(separator) {
            separator = other;
        }
    }
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted || cell.trim().is_empty() => quoted = !quoted,
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ if letter == separator && !quoted => row.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    row.push(cell);
    rows.push(row);
    for row in &mut rows {
        for cell in row {
            *cell = cell.trim().to_owned();
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    rows
}

/// How a line names a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Id,
    Email,
    Domain,
}

/// What a cell names a lead by; `None` for what is none of the three, such as a heading.
pub fn key_of(cell: &str) -> Option<Key> {
    let one_word = !cell.is_empty() && !cell.contains(char::is_whitespace);
    if !one_word {
        return None;
    }
    if cell.contains('@') {
        return Some(Key::Email);
    }
    // An identifier is a long word of digits, hyphens and letters with at least one digit.
    let plain = cell
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if plain && cell.len() >= 6 && cell.contains(|letter: char| letter.is_ascii_digit()) {
        return Some(Key::Id);
    }
    bare_domain(cell).contains('.').then_some(Key::Domain)
}

/// A domain without what people paste around it: `https://www.fair.example/about` is `fair.example`.
fn bare_domain(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let text = text
        .split_once("://")
        .map_or(text.as_str(), |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or_default();
    text.strip_prefix("www.").unwrap_or(text).to_owned()
}

/// The column that names most leads.
pub fn likely_column(table: &[Vec<String>]) -> usize {
    let width = table.iter().map(Vec::len).max().unwrap_or(0);
    let named = |column: usize| {
        let cells = table.iter().filter_map(|row| row.get(column));
        cells.filter(|cell| key_of(cell).is_some()).count()
    };
    let mut best = 0;
    for column in 1..width {
        if named(column) > named(best) {
            best = column;
        }
    }
    best
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// One lead has it.
    Matched,
    /// Several leads have it.
    Ambiguous,
    /// No lead has it.
    Missing,
    /// The same as an earlier line.
    Duplicate,
    /// Neither an identifier nor an e-mail address nor a domain.
    Unclear,
}

impl Fate {
    /// In the order of the report.
    pub const ALL: [Self; 5] = [
        Self::Matched,
        Self::Ambiguous,
        Self::Missing,
        Self::Duplicate,
        Self::Unclear,
    ];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Matched => "Found",
            Self::Ambiguous => "Several leads have it",
            Self::Missing => "Not found",
            Self::Duplicate => "Repeats an earlier line",
            Self::Unclear => "No identifier, e-mail address or domain",
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub text: String,
    /// As it is compared: without case and decoration. Empty where the line is not to be looked up.
    key: String,
    kind: Option<Key>,
    pub leads: Vec<Rc<Lead>>,
    repeats: bool,
}

impl Line {
    /// What became of it, once all leads have been looked at.
    pub fn fate(&self) -> Fate {
        match (self.kind, self.leads.len()) {
            (None, _) => Fate::Unclear,
            _ if self.repeats => Fate::Duplicate,
            (_, 0) => Fate::Missing,
            (_, 1) => Fate::Matched,
            _ => Fate::Ambiguous,
        }
    }

    /// What is searched for; `None` where nothing is to be looked up.
    pub fn wanted(&self) -> Option<&str> {
        (self.kind.is_some() && !self.repeats).then_some(&self.key)
    }

    /// It names a lead by its identifier, for which the server has no search.
    pub fn is_id(&self) -> bool {
        self.kind == Some(Key::Id)
    }
}

/// The lines of a list, ready to be matched with leads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    pub lines: Vec<Line>,
    /// Places of the lines that are looked up, in ascending order of their keys.
    by_key: Vec<usize>,
}

impl List {
    /// The cells of one column; a first line that names nothing is taken for a heading.
    pub fn new(table: &[Vec<String>], column: usize) -> Self {
        let cells = table.iter().filter_map(|row| row.get(column));
        let is_heading = table.len() > 1
            && table
                .first()
                .and_then(|row| row.get(column))
                .is_some_and(|cell| key_of(cell).is_none());
        let mut list = Self::default();
        for cell in cells
            .skip(usize::from(is_heading))
            .filter(|cell| !cell.is_empty())
            .take(LINES_MAX)
        {
            let kind = key_of(cell);
            let key = match kind {
                Some(Key::Domain) => bare_domain(cell),
                Some(Key::Email) => cell.to_ascii_lowercase(),
                Some(Key::Id) => cell.clone(),
                None => String::new(),
            };
            let place = list
                .by_key
                .binary_search_by(|place| list.lines[*place].key.cmp(&key));
            if let (Err(place), Some(_)) = (place, kind) {
                list.by_key.insert(place, list.lines.len());
            }
            list.lines.push(Line {
                text: cell.clone(),
                key,
                kind,
                leads: Vec::new(),
                repeats: kind.is_some() && place.is_ok(),
            });
        }
        list
    }

    /// Gives a lead to the lines that name it; a lead that comes twice is given once.
    pub fn offer(&mut self, lead: &Rc<Lead>) {
        let LeadId(id) = &lead.id;
        self.give(id, lead);
        if let Some(email) = &lead.email {
            self.give(&email.to_ascii_lowercase(), lead);
        }
        if let Some(domain) = &lead.domain {
            self.give(&bare_domain(domain), lead);
        }
    }

    fn give(&mut self, key: &str, lead: &Rc<Lead>) {
        let found = self
            .by_key
            .binary_search_by(|place| self.lines[*place].key.as_str().cmp(key));
        if let Ok(found) = found {
            let leads = &mut self.lines[self.by_key[found]].leads;
            if leads.iter().all(|known| known.id != lead.id) {
                leads.push(lead.clone());
            }
        }
    }

    /// How many lines ended so.
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate() == fate).count()
    }

    /// The leads of the lines that ended so.
    pub fn leads(&self, fate: Fate) -> Vec<Rc<Lead>> {
        let lines = self.lines.iter().filter(|line| line.fate() == fate);
        lines.flat_map(|line| line.leads.iter().cloned()).collect()
    }

    /// The report as a table: line, result, and the identifier and name of each lead.
    pub fn to_csv(&self) -> String {
        let mut csv = csv_row(&["line", "result", "lead_id", "lead"]);
        for line in &self.lines {
            let label = line.fate().label();
            for lead in &line.leads {
                csv += &csv_row(&[&line.text, label, &lead.id.0, lead.name()]);
            }
            if line.leads.is_empty() {
                csv += &csv_row(&[&line.text, label, "", ""]);
            }
        }
        csv
    }
}

/// A row of a table as RFC 4180 has it. A cell that a spreadsheet would take for a formula is kept from it by a quote.
pub fn csv_row(cells: &[&str]) -> String {
    let quoted = |cell: &&str| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            "'"
        } else {
            ""
        };
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    };
    let cells: Vec<String> = cells.iter().map(quoted).collect();
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(id: &str, email: &str, domain: &str) -> Rc<Lead> {
        Rc::new(Lead {
            email: Some(email.into()),
            domain: Some(domain.into()),
            ..Lead::known_by(LeadId(id.into()), "Fair Oak")
        })
    }

    #[test]
    fn tables_are_taken_apart() {
        assert_eq!(
            table("a@x.example\n\n b@x.example \r\n"),
            [["a@x.example"], ["b@x.example"]]
        );
        assert_eq!(
            table("\u{feff}name;mail\n\"Fair; \"\"Oak\"\"\";a@x.example\n\"two\nlines\";b"),
            [
                ["name", "mail"],
                ["Fair; \"Oak\"", "a@x.example"],
                ["two\nlines", "b"]
            ]
        );
        assert_eq!(table("a\tb\n1\t2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(table("  \n\n"), [[""; 0]; 0]);
        assert_eq!(table("\"never closed, a\nb"), [["never closed, a\nb"]]);
    }

    #[test]
    fn cells_tell_what_they_name_a_lead_by() {
        for (cell, key) in [
            ("ann@fair.example", Some(Key::Email)),
            ("fair.example", Some(Key::Domain)),
            ("https://www.Fair.example/about?x", Some(Key::Domain)),
            ("3f2b8c1e-0000-4000-8000-1234567890ab", Some(Key::Id)),
            ("lead-0042", Some(Key::Id)),
            ("email", None),
            ("Fair Oak Ltd", None),
            ("", None),
        ] {
            assert_eq!(key_of(cell), key, "{cell}");
        }
        let rows =
            table("name,site,mail\nFair,fair.example,ann@fair.example\nElm,,bob@elm.example");
        assert_eq!(likely_column(&rows), 2);
    }

    /// Prevents: a line of the list is lost, counted twice, or matched with what only resembles it.
    #[test]
    fn every_line_has_one_fate() {
        let rows = table(
            "mail\nANN@fair.example\nann@fair.example\nwww.fair.example\nlead-0042\nno_body@x.example\nwhat is this",
        );
        let mut list = List::new(&rows, 0);
        list.offer(&lead("lead-0001", "Ann@Fair.example", "fair.example"));
        list.offer(&lead(
            "lead-0002",
            "bob@fair.example",
            "https://fair.example",
        ));
        list.offer(&lead("lead-0042", "joann@fair.example", "other.example"));
        list.offer(&lead("lead-0042", "joann@fair.example", "other.example"));
        list.offer(&lead("lead-0043", "noXbody@x.example", "y.example"));
        let fates: Vec<_> = list.lines.iter().map(Line::fate).collect();
        assert_eq!(
            fates,
            [
                Fate::Matched,
                Fate::Duplicate,
                Fate::Ambiguous,
                Fate::Matched,
                Fate::Missing,
                Fate::Unclear
            ]
        );
        assert_eq!(list.leads(Fate::Matched).len(), 2);
        assert_eq!(list.leads(Fate::Ambiguous).len(), 2);
        assert_eq!(list.count(Fate::Missing), 1);
        let wanted: Vec<_> = list.lines.iter().filter_map(Line::wanted).collect();
        assert_eq!(
            wanted,
            [
                "ann@fair.example",
                "fair.example",
                "lead-0042",
                "no_body@x.example"
            ]
        );
        let csv = list.to_csv();
        assert_eq!(csv.lines().count(), 1 + 7);
        assert!(
            csv.contains(
                "\"www.fair.example\",\"Several leads have it\",\"lead-0002\",\"Fair Oak\""
            )
        );
    }

    /// Prevents: an exported cell is run as a formula by the spreadsheet that opens it.
    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(
            csv_row(&["a\"b", "=1+1", "\t=1", "\r=1", ""]),
            "\"a\"\"b\",\"'=1+1\",\"'\t=1\",\"'\r=1\",\"\"\r\n"
        );
    }
}
