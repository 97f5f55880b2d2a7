//! Rules by which findings are left out of their list: what an analyst expects once may be expected from now on.
//!
//! A rule is about the network and not about a file, so it is kept for all files and carried by models. It changes no score and
//! no file: what it covers is hidden from the list, counted, and shown again without it.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

/// Rules that there can be.
pub const MOST_SUPPRESSIONS: usize = 1_000;
/// Bytes of each text in one.
pub const LONGEST_SUPPRESSED: usize = 256;

/// What all flows of a finding have in common, or what a rule asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Common {
    /// The one host that they come from.
    pub from: Option<String>,
    /// The one that they go to.
    pub to: Option<String>,
    /// The port there.
    pub port: Option<String>,
    /// The protocol.
    pub protocol: Option<String>,
    /// The columns that set them apart most: what can be said of a group's shape that another file has as well.
    pub apart: Option<String>,
}

/// A part of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The source.
    From,
    /// The destination.
    To,
    /// The port.
    Port,
    /// The protocol.
    Protocol,
    /// What sets it apart.
    Apart,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::From, Self::To, Self::Port, Self::Protocol, Self::Apart];

    /// Its name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["from", "to", "port", "protocol", "apart"][self as usize]
    }
}

impl Common {
    /// One part of it.
    #[must_use]
    pub fn get(&self, part: Part) -> Option<&str> {
        [&self.from, &self.to, &self.port, &self.protocol, &self.apart][part as usize].as_deref()
    }

    /// With this as one part of it.
    pub fn set(&mut self, part: Part, text: Option<String>) {
        *[&mut self.from, &mut self.to, &mut self.port, &mut self.protocol, &mut self.apart][part as usize] = text;
    }

    /// Only these parts of it, by their order in [`Part::ALL`].
    #[must_use]
    pub fn only(&self, wanted: [bool; 5]) -> Self {
        let mut some = self.clone();
        Part::ALL.into_iter().filter(|part| !wanted[*part as usize]).for_each(|part| some.set(part, None));
        some
    }

    /// A rule can be made of it: it says who, where or how. What sets flows apart is too little alone: on another day, that may
    /// be anything.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.from.is_some() || self.to.is_some() || self.port.is_some() || self.protocol.is_some()
    }

    /// Whether a rule that asks for this covers a finding whose flows have that in common. Where they differ, or nobody knows, it
    /// does not: the whole finding is covered, or nothing of it.
    #[must_use]
    pub fn covers(&self, finding: &Self) -> bool {
        self.is_enough()
            && Part::ALL.into_iter().all(|part| self.get(part).is_none_or(|asked| finding.get(part) == Some(asked)))
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suppression {
    /// What it asks for.
    pub what: Common,
    /// When it was made or removed, in milliseconds since 1970.
    pub at: u64,
    /// It is no more. Kept, so that an older copy does not bring it back.
    pub removed: bool,
    /// What was noted on the finding that it was made from.
    pub note: String,
}

impl Suppression {
    /// It says something, and not too much.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let short = |text: &str| text.len() <= LONGEST_SUPPRESSED;
        self.what.is_enough()
            && short(&self.note)
            && Part::ALL.into_iter().all(|part| self.what.get(part).is_none_or(short))
    }
}

/// All rules, none twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressions(Vec<Suppression>);

impl FromIterator<Suppression> for Suppressions {
    fn from_iter<T: IntoIterator<Item = Suppression>>(rules: T) -> Self {
        let mut all = Self::default();
        rules.into_iter().filter(Suppression::is_sound).for_each(|rule| all.take(rule));
        all
    }
}

impl Suppressions {
    /// Those in force.
    pub fn iter(&self) -> impl Iterator<Item = &Suppression> {
        self.0.iter().filter(|rule| !rule.removed)
    }

    /// How many these are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// There are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The first that covers a finding whose flows have this in common.
    #[must_use]
    pub fn covering(&self, finding: &Common) -> Option<&Suppression> {
        self.iter().find(|rule| rule.what.covers(finding))
    }

    /// Adds a rule from now on; whether there could be one more.
    pub fn add(&mut self, what: Common, note: &str, at: u64) -> bool {
        let rule = Suppression { what, at, removed: false, note: start_of(note).to_owned() };
        let sound = rule.is_sound() && self.len() < MOST_SUPPRESSIONS;
        if sound {
            self.say(rule);
        }
        sound
    }

    /// Removes a rule from now on.
    pub fn remove(&mut self, what: &Common, at: u64) {
        if self.0.iter().any(|known| known.what == *what) {
            self.say(Suppression { what: what.clone(), at, removed: true, note: String::new() });
        }
    }

    /// The last word on a rule, whatever a clock says.
    fn say(&mut self, mut rule: Suppression) {
        if let Some(known) = self.0.iter().find(|known| known.what == rule.what) {
            rule.at = rule.at.max(known.at.saturating_add(1));
        }
        self.take(rule);
    }

    /// The same, unless something later was said.
    fn take(&mut self, rule: Suppression) {
        match self.0.iter_mut().find(|known| known.what == rule.what) {
            Some(known) if *known < rule => *known = rule,
            Some(_) => {}
            None => self.0.push(rule),
        }
    }

    /// Takes in what another copy says; of the same rule, what was said last stands.
    pub fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|rule| self.take(rule));
    }

    /// Has the rules of another in place of its own. Those that were removed here stay so.
    pub fn replace(&mut self, other: &Self) {
        self.0.retain(|rule| rule.removed);
        for rule in other.iter() {
            if self.0.iter().all(|known| known.what != rule.what) {
                self.0.push(rule.clone());
            }
        }
    }

    /// As a file from elsewhere may have them: no more than there can be, all in force, each says something and not too much.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.0.len() <= MOST_SUPPRESSIONS && self.0.iter().all(|rule| rule.is_sound() && !rule.removed)
    }

    /// As a text, for files: an array of all that were ever made. The browser reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// As much of a note as a rule keeps.
fn start_of(note: &str) -> &str {
    &note[..note.floor_char_boundary(LONGEST_SUPPRESSED)]
}
