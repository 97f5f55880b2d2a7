//! Weka's ARFF: attributes with their types above comma-separated records.

use super::{
    head::Head,
    preamble::{Described, Preamble, Quotes},
};
use crate::{ingest::IngestError, table::Role};

const COMMENT: u8 = b'%';

/// What an ARFF file says above its data; `None` if this is none.
///
/// # Errors
/// [`IngestError::OtherFormat`] if its rows are sparse, [`IngestError::EndlessHeader`] if they are nowhere.
pub(super) fn read(head: &Head<'_>) -> Result<Option<Preamble>, IngestError> {
    let mut described = Described { separator: b',', quotes: Quotes::Any, names: Vec::new(), roles: Vec::new() };
    let mut comments = 0;
    let mut lines = head.lines(head.start).map(|(offset, line)| (offset + line.len(), line.trim_ascii()));
    let mut is_arff = false;
    while let Some((end, line)) = lines.next() {
        comments += 1;
        if line.starts_with(&[COMMENT]) {
            continue;
        }
        if let Some(rest) = keyword(line, b"@attribute") {
            let (name, kind) = attribute(rest);
            described.names.push(name);
            described.roles.push(role(kind));
        } else if keyword(line, b"@data").is_some() {
            let sparse = lines.find(|(_, line)| !line.starts_with(&[COMMENT])).is_some_and(|(_, line)| line[0] == b'{');
            return match sparse {
                true => Err(IngestError::OtherFormat {
                    what: "an ARFF file of sparse rows".into(),
                    advice: "Write every value of every row (Weka's filter SparseToNonSparse does) or export CSV, and \
                             drop that file."
                        .into(),
                }),
                false => Ok(Some(Preamble { end, last: None, comments, sign: COMMENT, described: Some(described) })),
            };
        } else if keyword(line, b"@relation").is_none() {
            return Ok(None);
        }
        is_arff = true;
    }
    if is_arff && !head.complete {
        return Err(IngestError::EndlessHeader { bytes: head.bytes.len() });
    }
    Ok(is_arff.then_some(Preamble {
        end: head.bytes.len(),
        last: None,
        comments,
        sign: COMMENT,
        described: Some(described),
    }))
}

/// What follows a word in any case.
fn keyword<'a>(line: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (first, rest) = line.split_at_checked(word.len())?;
    let ends = rest.first().is_none_or(u8::is_ascii_whitespace);
    (ends && first.eq_ignore_ascii_case(word)).then(|| rest.trim_ascii())
}

/// An attribute's name without its quotes, and its type.
fn attribute(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let Some(&quote) = text.first().filter(|byte| matches!(byte, b'\'' | b'"')) else {
        // A nominal type may follow the name without a blank.
        let end = text.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'{').unwrap_or(text.len());
        return (text[..end].to_vec(), text[end..].trim_ascii());
    };
    let (mut name, mut at) = (Vec::new(), 1);
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' if at + 1 < text.len() => {
                name.push(text[at + 1]);
                at += 1;
            }
            byte if byte == quote => break,
            byte => name.push(byte),
        }
        at += 1;
    }
    (name, text.get(at + 1..).unwrap_or_default().trim_ascii())
}

/// What a type says; numbers and texts may be anything.
fn role(kind: &[u8]) -> Option<Role> {
    match kind.first() {
        Some(b'{') => Some(Role::Category),
        _ if keyword(kind, b"date").is_some() => Some(Role::Time),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preamble(text: &str) -> Result<Option<Preamble>, IngestError> {
        read(&Head::new(text.as_bytes(), text.len() as u64))
    }

    #[test]
    fn attributes_have_names_and_types() {
        let text = "% by hand\n@RELATION flows\n\n@attribute 'the \\'first\\' one' REAL\n@ATTRIBUTE proto{tcp,udp}\n\
                    @attribute \"seen\" date \"yyyy-MM-dd\"\n@attribute note string\n@DATA\n1,tcp,'2024-03-05',?\n";
        let preamble = preamble(text).expect("read").expect("ARFF");
        let described = preamble.described.expect("described");
        let names: Vec<&str> = described.names.iter().map(|name| std::str::from_utf8(name).expect("text")).collect();
        assert_eq!(names, ["the 'first' one", "proto", "seen", "note"]);
        assert_eq!(described.roles, [None, Some(Role::Category), Some(Role::Time), None]);
        assert!(text[preamble.end..].trim_start().starts_with("1,tcp"));
    }

    #[test]
    fn other_files_are_none_and_sparse_ones_are_refused() {
        assert!(preamble("@timestamp,bytes\n1,2\n").expect("read").is_none());
        assert!(preamble("% a comment\na,b\n").expect("read").is_none());
        let sparse = "@relation r\n@attribute a numeric\n@data\n\n% none\n{0 1}\n";
        assert!(preamble(sparse).is_err_and(|error| error.to_string().contains("sparse")));
    }
}
