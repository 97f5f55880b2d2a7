//! All that a run takes to be made again, and by what its results are known again; written as JSON, for people and for the page.
//!
//! What was chosen is written as it was typed, field by field, so that whoever reads it puts it through the same checks.

use serde::{Serialize, Serializer};

use super::Notebook;
use crate::{
    ingest::{Choices, Encoding},
    table::Role,
};

/// Manifests of another format are refused.
pub const FORMAT: u64 = 1;

/// A run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub manifest: u64,
    /// The version of Flowsift that made it.
    pub flowsift: String,
    /// When, as ISO 8601 tells.
    pub created: String,
    /// The file.
    pub file: FileFacts,
    /// How the file was read, where somebody said something about it.
    pub reading: Reading,
    /// What was chosen.
    pub settings: Chosen,
    /// What came of it.
    pub results: Results,
    /// The same for people: names and values.
    pub told: Vec<[String; 2]>,
    /// What was said of flows.
    pub remarks: Notebook,
}

/// Which file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileFacts {
    /// What it was called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// By what it is known again.
    pub identity: String,
}

/// What was chosen, by the names for scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// What the detector was fitted on.
    pub trained_on: String,
    /// The file that that takes: the baseline's, or the model's.
    pub trained_with: Option<String>,
    /// The detector.
    pub detector: String,
    /// How columns were treated.
    pub mode: String,
    /// Small categories value by value.
    pub one_hot: bool,
    /// Networks of addresses.
    pub networks: bool,
    /// Each distinct flow once.
    pub learn_once: bool,
    /// What trains an autoencoder.
    pub device: String,
    /// The rule for the threshold.
    pub rule: String,
    /// What was typed into fields: their names and the texts.
    pub typed: Vec<(String, String)>,
}

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Results {
    /// The detector as it ran, in words.
    pub ran: String,
    /// Flows.
    pub flows: u64,
    /// From which score on they were flagged.
    pub threshold: f64,
    /// How many were.
    pub flagged: u64,
    /// Groups that stood out.
    pub groups: u64,
    /// [`Highest::sum`](crate::engine::Highest::sum), in hexadecimal digits.
    pub identity: String,
}

/// What somebody said of how a file is to be read; nothing where that was told from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Between two cells.
    pub delimiter: Option<String>,
    /// Whether the first record is a header.
    pub header: Option<bool>,
    /// How bytes stand for text, by its name.
    pub encoding: Option<String>,
    /// A point or a comma.
    pub decimal: Option<String>,
    /// Entries of an archive.
    pub entries: Vec<String>,
    /// Columns and their roles, in a word.
    pub roles: Vec<(String, String)>,
    /// Columns whose −1 means that there is no value.
    pub minus_one_is_missing: Vec<String>,
}

impl Reading {
    /// These choices.
    #[must_use]
    pub fn of(choices: &Choices) -> Self {
        let sign = |byte: Option<u8>| byte.map(|byte| char::from(byte).to_string());
        Self {
            delimiter: sign(choices.delimiter),
            header: choices.header,
            encoding: choices.encoding.map(|encoding| encoding.name().to_owned()),
            decimal: sign(choices.decimal),
            entries: choices.entries.clone(),
            roles: choices.roles.iter().map(|(column, role)| (column.clone(), role.word().to_owned())).collect(),
            minus_one_is_missing: choices.minus_one_is_missing.iter().cloned().collect(),
        }
    }

    /// The choices, if all names are known.
    #[must_use]
    pub fn choices(&self) -> Option<Choices> {
        let mut choices = Choices {
            delimiter: sign(self.delimiter.as_deref())?,
            header: self.header,
            decimal: sign(self.decimal.as_deref())?,
            entries: self.entries.clone(),
            ..Choices::default()
        };
        if let Some(name) = &self.encoding {
            choices.encoding = Some(Encoding::ALL.into_iter().find(|encoding| encoding.name() == name)?);
        }
        for (column, word) in &self.roles {
            choices.roles.insert(column.clone(), Role::ALL.into_iter().find(|role| role.word() == word)?);
        }
        for column in &self.minus_one_is_missing {
            choices.minus_one_is_missing.insert(column.clone());
        }
        Some(choices)
    }
}

/// The one sign that a text is; `None` where it is something else.
fn sign(text: Option<&str>) -> Option<Option<u8>> {
    match text.map(str::as_bytes) {
        None => Some(None),
        Some(&[byte]) => Some(Some(byte)),
        Some(_) => None,
    }
}

impl Manifest {
    /// As a text, for files.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// As pairs of a subject and what is said of it.
impl Serialize for Notebook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Mark, Remark, Subject};

    #[test]
    fn how_a_file_was_read_comes_back_whatever_was_said() {
        let mut choices = Choices {
            delimiter: Some(b'\t'),
            header: Some(false),
            encoding: Some(Encoding::Windows1252),
            decimal: Some(b','),
            entries: vec!["a.csv".into()],
            ..Choices::default()
        };
        choices.minus_one_is_missing.insert("win".into());
        for role in Role::ALL {
            choices.roles.insert(format!("\"{}\"", role.word()), role);
        }
        assert_eq!(Reading::of(&choices).choices(), Some(choices.clone()));
        assert_eq!(Reading::default().choices(), Some(Choices::default()));
        let of = |change: fn(&mut Reading)| {
            let mut reading = Reading::of(&Choices::default());
            change(&mut reading);
            reading.choices()
        };
        assert_eq!(of(|reading| reading.roles.push(("a".into(), "king".into()))), None);
        assert_eq!(of(|reading| reading.encoding = Some("EBCDIC".into())), None);
        assert_eq!(of(|reading| reading.delimiter = Some(";;".into())), None);
        assert_eq!(of(|reading| reading.decimal = Some("٫".into())), None);
    }

    #[test]
    fn it_is_json_whatever_is_in_it() {
        let evil = "</script>\n\"\\ =1+1";
        let mut remarks = Notebook::default();
        let remark = Remark { mark: Some(Mark::Unsure), note: evil.into(), ..Remark::nothing(1.0) };
        remarks.say(Subject { group: false, flow: 7 }, remark);
        let manifest = Manifest {
            manifest: FORMAT,
            file: FileFacts { name: evil.into(), ..FileFacts::default() },
            settings: Chosen { typed: vec![("param-seed".into(), evil.into())], ..Chosen::default() },
            results: Results { threshold: 0.1 + 0.2, ..Results::default() },
            remarks,
            ..Manifest::default()
        };
        let read: serde_json::Value = serde_json::from_str(&manifest.to_json()).unwrap();
        assert_eq!((&read["manifest"], &read["file"]["name"]), (&1.into(), &evil.into()));
        assert_eq!(read["settings"]["typed"][0], serde_json::json!(["param-seed", evil]));
        assert_eq!(read["results"]["threshold"].as_f64(), Some(0.1 + 0.2), "every bit of it");
        assert_eq!(read["remarks"][0][1]["note"], evil);
    }
}
