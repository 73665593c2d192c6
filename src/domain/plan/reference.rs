//! The words by which a launch is found again in the server's list.

/// A reference that travels in the description, the only free field that the server keeps: twelve hexadecimal digits,
/// and behind them which one it is of the batches that belong together, and six digits of this approval alone, as in
/// `0123456789ab 2/3 4f01c2`: what was not confirmed and is approved again is told from what was lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientReference(pub String);

/// Which one it is of several batches that one approval started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Counted from 1.
    pub number: u32,
    pub of: u32,
}

const CODE_DIGITS: usize = 12;

impl ClientReference {
    /// Twelve hexadecimal digits from 48 random bits.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("{:012x}", bits & 0xffff_ffff_ffff))
    }

    /// The reference of one batch of several, with 24 random bits of its approval.
    pub fn part(&self, part: Part, bits: u64) -> Self {
        let Part { number, of } = part;
        let bits = bits & 0xff_ffff;
        Self(format!("{} {number}/{of} {bits:06x}", self.code()))
    }

    /// What all batches of one approval have in common.
    pub fn code(&self) -> &str {
        self.0.get(..CODE_DIGITS).unwrap_or(&self.0)
    }

    /// Which one it is, where one approval started several.
    pub fn as_part(&self) -> Option<Part> {
        let (number, rest) = self.0.get(CODE_DIGITS + 1..)?.split_once('/')?;
        let (of, approval) = rest.split_once(' ')?;
        u32::from_str_radix(approval, 16).ok()?;
        let (number, of) = (number.parse().ok()?, of.parse().ok()?);
        (1 <= number && number <= of).then_some(Part { number, of })
    }

    fn read(text: &str) -> Option<Self> {
        let code = text.get(..CODE_DIGITS)?;
        let reference = Self(text.to_owned());
        let is_whole = text.len() == CODE_DIGITS || reference.as_part().is_some();
        (is_whole && code.bytes().all(|b| b.is_ascii_hexdigit())).then_some(reference)
    }

    /// The description with the reference behind it.
    pub fn attach(&self, description: Option<&str>) -> String {
        match description {
            Some(text) => format!("{text} [ref {}]", self.0),
            None => format!("[ref {}]", self.0),
        }
    }

    /// Takes a description apart into the person's words and the reference.
    pub fn detach(description: &str) -> (Option<String>, Option<Self>) {
        let found = description
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once("[ref "))
            .and_then(|(words, text)| Some((words.trim_end(), Self::read(text)?)));
        let (words, reference) = match found {
            Some((words, reference)) => (words, Some(reference)),
            None => (description, None),
        };
        ((!words.is_empty()).then(|| words.to_owned()), reference)
    }
}
