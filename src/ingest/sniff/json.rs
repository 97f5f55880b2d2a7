//! Files of JSON: a line per object, or one document.

use super::{
    MOST_COLUMNS, Outline, check_width,
    head::{HEAD_ROWS, Head},
    names::unique_names,
};
use crate::ingest::{
    FindingKind, Findings, Format, IngestError, JsonFields,
    json::{Defect, Value, walk},
    json_lines::{EVENT, is_flow},
};

/// Lines whose paths become columns: some events are rare.
const LINES: usize = 2_000;
/// Lines that decide whether this is JSON.
pub(super) const DECIDING: usize = 100;
/// So many times the bytes of an object its paths may take, all together: every value inside of an object repeats the names of
/// those around it.
const MOST_GROWTH: usize = 64;

/// The paths of one object, and what event it is.
#[derive(Default)]
pub(super) struct Object {
    paths: Vec<String>,
    /// It says what event it is.
    pub is_event: bool,
    pub is_flow: bool,
}

/// The outline of a file with an object per line; `None` if the file is something else.
///
/// # Errors
/// [`IngestError::JsonDocument`] for an array, or objects over several lines.
pub(super) fn outline(head: &Head<'_>, findings: &mut Findings) -> Result<Option<Outline>, IngestError> {
    let text = head.bytes[head.start..].trim_ascii_start();
    if text.strip_prefix(b"[").is_some_and(|inside| matches!(inside.trim_ascii_start().first(), Some(b'{'))) {
        return Err(IngestError::JsonDocument { array: true });
    }
    if !text.starts_with(b"{") {
        return Ok(None);
    }
    let objects: Vec<Result<Object, Defect>> =
        head.lines(head.start).take(LINES).map(|(_, line)| Object::read(line)).collect();
    let deciding = &objects[..objects.len().min(DECIDING)];
    if deciding.iter().filter(|object| object.is_ok()).count() * 2 < deciding.len() || deciding.is_empty() {
        return match Object::read(text) {
            Err(Defect::Ends) if deciding.is_empty() => Err(IngestError::EndlessHeader { bytes: text.len() }),
            Ok(_) | Err(Defect::Ends) => Err(IngestError::JsonDocument { array: false }),
            Err(_) if matches!(deciding.first(), Some(Err(Defect::Ends))) => {
                Err(IngestError::JsonDocument { array: false })
            }
            Err(_) => Ok(None),
        };
    }
    let mut objects: Vec<Object> = objects.into_iter().flatten().collect();
    let mut data_start = head.start;
    if describes_tool(&objects)
        && let Some((offset, line)) = head.lines(head.start).next()
    {
        objects.remove(0);
        data_start = head.next_line(offset + line.len());
        findings.note(FindingKind::ToolDescription, offset as u64, head.lines_before(offset) + 1, None);
    }
    let flows_only = objects.iter().any(|object| object.is_flow);
    let mut fields = JsonFields { paths: Vec::new(), flows_only };
    let mut known = std::collections::HashSet::new();
    for path in objects.into_iter().filter(|object| object.is_flow || !flows_only).flat_map(|object| object.paths) {
        if known.insert(path.clone()) {
            fields.paths.push(path);
        }
    }
    check_width(fields.paths.len())?;
    let (width, paths) = (fields.paths.len(), fields.paths.iter().map(String::as_bytes));
    let names = Some(unique_names(paths, findings, head.start as u64, 1));
    let format = Format::JsonLines(fields.into());
    Ok(Some(Outline {
        width,
        names,
        row_cells: width,
        rows: head.rows(data_start, &format, HEAD_ROWS)?,
        format,
        header: None,
        data_start,
        roles: Vec::new(),
    }))
}

/// The first object has nothing in common with those behind it, which have much in common: what wrote them, and how, as
/// Cisco's Joy says it.
fn describes_tool(objects: &[Object]) -> bool {
    let [first, second, third, ..] = objects else { return false };
    let shared = |one: &Object, other: &Object| one.paths.iter().filter(|path| other.paths.contains(path)).count();
    let event = first.is_event || second.is_event;
    !event && shared(first, second) + shared(first, third) == 0 && shared(second, third) * 2 > second.paths.len()
}

impl Object {
    pub fn read(line: &[u8]) -> Result<Self, Defect> {
        let mut object = Self::default();
        let mut left = line.len() * MOST_GROWTH;
        walk(line, &mut Vec::new(), &mut |path, value| {
            if path == EVENT.as_bytes()
                && let Value::String { inside, .. } = value
            {
                object.is_event = true;
                object.is_flow = is_flow(&line[inside]);
            }
            // One object must not take all memory: one path more than a table may have is enough.
            if object.paths.len() <= MOST_COLUMNS && path.len() <= left {
                left -= path.len();
                object.paths.push(String::from_utf8_lossy(path).into_owned());
            }
        })?;
        Ok(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_around_many_values_take_no_more_than_a_multiple_of_the_line() {
        let values: Vec<String> = (0..2_000).map(|n| format!("\"a{n}\":1")).collect();
        let object = |name: usize| {
            let line = format!("{{\"{}\":{{{}}}}}", "x".repeat(name), values.join(","));
            let paths = Object::read(line.as_bytes()).expect("an object").paths;
            (paths.len(), paths.iter().map(String::len).sum::<usize>() / line.len())
        };
        assert_eq!(object(200).0, 2_000);
        // 200 MB, from 120 KB.
        let (paths, growth) = object(100_000);
        assert!(paths > 0 && growth <= MOST_GROWTH, "{paths} paths, {growth} times the line");
    }
}
