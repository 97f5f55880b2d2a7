//! Marks → the rows that teach, and what.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::report::{Mark, Marks};

/// Flows by which a marked group teaches, the highest-ranked. (More change little, and each is compared with every row.)
pub const FLOWS_OF_GROUP: usize = 3;
/// Rows that teach, at most: each is compared with every row of the file.
const MOST: usize = 208;

/// What was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// The flow whose record begins at this byte.
    Flow(u64),
    /// The group of this number.
    Group(u8),
}

/// What is taught by one row of what was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// What was marked.
    pub subject: Subject,
    /// As suspicious; else as expected.
    pub suspicious: bool,
    /// The byte at which the row's record begins.
    pub offset: u64,
}

/// A lesson, and where its row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taught {
    /// The lesson.
    pub lesson: Lesson,
    /// The row's rank.
    pub rank: u32,
    /// The number of its group, 0 for none.
    pub group: u8,
}

/// What marks teach, in the order of the file; `known` are flows of the groups, the highest-ranked first. Who is unsure teaches nothing,
/// and what is said of a flow itself goes before what is said of its group.
#[must_use]
pub fn lessons(marks: &Marks, known: &BTreeMap<u8, Vec<u64>>) -> Vec<Lesson> {
    let told = |mark: Option<Mark>| match mark {
        Some(Mark::Suspicious) => Some(true),
        Some(Mark::Expected) => Some(false),
        Some(Mark::Unsure) | None => None,
    };
    // Whoever marks a flow of a group speaks of that flow, even where unsure.
    let own: BTreeSet<u64> =
        marks.flows.iter().filter(|(_, marked)| marked.mark.is_some()).map(|(&offset, _)| offset).collect();
    let mut lessons = Vec::new();
    for (&number, marked) in &marks.groups {
        let Some(suspicious) = told(marked.mark) else { continue };
        let flows = known.get(&number).into_iter().flatten().filter(|offset| !own.contains(offset));
        let lesson = |&offset| Lesson { subject: Subject::Group(number), suspicious, offset };
        lessons.extend(flows.take(FLOWS_OF_GROUP).map(lesson));
    }
    let flow = |(&offset, suspicious)| Lesson { subject: Subject::Flow(offset), suspicious, offset };
    let flows: Vec<Lesson> =
        marks.flows.iter().filter_map(|(offset, marked)| Some((offset, told(marked.mark)?))).map(flow).collect();
    // Of more than there is room for, some from all over the file.
    let room = MOST.saturating_sub(lessons.len()).min(flows.len());
    lessons.extend((0..room).map(|place| flows[place * flows.len() / room]));
    lessons.sort_unstable_by_key(|lesson| lesson.offset);
    lessons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Marked;

    fn marked(mark: Mark) -> Marked {
        Marked { mark: Some(mark), note: String::new() }
    }

    #[test]
    fn groups_teach_by_some_of_their_flows_and_flows_speak_for_themselves() {
        let marks = Marks {
            flows: [(5, marked(Mark::Expected)), (7, marked(Mark::Unsure)), (90, Marked::default())].into(),
            groups: [(1, marked(Mark::Suspicious)), (2, marked(Mark::Unsure))].into(),
        };
        let known = [(1, vec![7, 5, 90, 20, 30, 40]), (2, vec![50])].into();
        let taught: Vec<(Subject, bool, u64)> = lessons(&marks, &known)
            .into_iter()
            .map(|lesson| (lesson.subject, lesson.suspicious, lesson.offset))
            .collect();
        let group = Subject::Group(1);
        assert_eq!(taught, [(Subject::Flow(5), false, 5), (group, true, 20), (group, true, 30), (group, true, 90)]);
        assert!(lessons(&Marks::default(), &known).is_empty());
    }

    #[test]
    fn of_very_many_marks_some_from_all_over_the_file_teach() {
        let flows = (0..10_000).map(|offset| (offset, marked(Mark::Expected))).collect();
        let taught = lessons(&Marks { flows, ..Marks::default() }, &BTreeMap::new());
        assert_eq!((taught.len(), taught[0].offset), (MOST, 0));
        assert!(taught[MOST - 1].offset > 9_900);
    }
}
