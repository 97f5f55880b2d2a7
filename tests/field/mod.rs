//! Files of the field with right answers: each is read as an independent reader says it must be, alike by any number of
//! shards. What is expected of which file is in `table.rs`; what does not hold yet is listed there, too.

mod expected;
mod table;

use std::{collections::BTreeMap, fs, io::Cursor, path::Path, sync::Arc};

use expected::{Claim, Expected};
use flowsift::{
    engine::{
        self, Dataset, EngineError, ListQuery, ListedRow, LookUp, Options, Sort, SortBy, SortKey, ThreadHost, ask_all,
    },
    report::Filter,
};
use futures_executor::block_on;

/// A file as it was read, with its rows by rank.
struct Loaded {
    host: ThreadHost,
    dataset: Dataset,
    /// By rank; none where rows cannot be compared.
    ranked: Vec<ListedRow>,
    /// Number of each row's record, from 1, by its offset.
    numbers: BTreeMap<u64, u64>,
}

fn load(bytes: &Arc<[u8]>, shards: usize) -> Result<Loaded, EngineError> {
    let bytes = Arc::clone(bytes);
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
    let dataset = block_on(engine::load(&host))?;
    let ranked = match block_on(engine::run(&host, &dataset, Options::default())) {
        Ok(_) => list(&host, dataset.profile.rows as usize, SortBy::Rank)?,
        Err(EngineError::Features(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut offsets: Vec<u64> = ranked.iter().map(|row| row.offset).collect();
    offsets.sort_unstable();
    let numbers = offsets.into_iter().zip(1..).collect();
    Ok(Loaded { host, dataset, ranked, numbers })
}

/// The first `count` rows in some order.
fn list(host: &ThreadHost, count: usize, by: SortBy) -> Result<Vec<ListedRow>, EngineError> {
    let sort = Sort { by, descending: false };
    let query = ListQuery { filter: Filter::default(), anomalies: 0, sort, count, learned: None };
    block_on(ask_all(host, query)).map(|listed| listed.rows)
}

impl Loaded {
    fn column(&self, name: &str) -> Result<usize, String> {
        let fields = &self.dataset.layout.schema.fields;
        fields.iter().position(|field| field.name == name).ok_or_else(|| {
            let names: Vec<&str> = fields.iter().take(12).map(|field| field.name.as_str()).collect();
            format!("there is no such column among {names:?}")
        })
    }

    /// The numbers of the records of rank 1 to `count`.
    fn top(&self, count: usize) -> Vec<u64> {
        let mut rows: Vec<u64> = self.ranked.iter().take(count).map(|row| self.numbers[&row.offset]).collect();
        rows.sort_unstable();
        rows
    }

    /// The number that a row has in a column.
    fn value(&self, row: u64, column: usize) -> Option<f64> {
        let listed = list(&self.host, self.ranked.len(), SortBy::Column(column)).expect("lists");
        let found = listed.iter().find(|listed| self.numbers.get(&listed.offset) == Some(&row))?;
        match found.key {
            SortKey::Number(value) => Some(value),
            _ => None,
        }
    }

    /// What is so instead of what is claimed.
    fn contradicts(&self, claim: &Claim) -> Result<(), String> {
        let Dataset { layout, profile, findings, .. } = &self.dataset;
        let field = |name| self.column(name).map(|column| &layout.schema.fields[column]);
        let is = |holds: bool, found: String| if holds { Ok(()) } else { Err(found) };
        match claim {
            Claim::Rows(rows) => is(profile.rows == *rows, format!("{} and {:?}", profile.rows, findings.by_kind)),
            Claim::Columns(columns) => is(layout.schema.width() == *columns, layout.schema.width().to_string()),
            Claim::Names(names) => {
                let found: Vec<&str> = layout.schema.fields.iter().map(|field| field.name.as_str()).collect();
                is(found == *names, format!("{found:?}"))
            }
            Claim::Family(family) => {
                let found = layout.assumed.family.as_deref();
                is(found == Some(family), format!("{found:?}"))
            }
            Claim::Role(name, roles) => {
                let found = field(name)?;
                is(roles.contains(&found.role), format!("{:?}, {:?}", found.role, found.kind))
            }
            Claim::RoleAt(place, role) => {
                let found = layout.schema.fields.get(place - 1).ok_or("there is no such column")?;
                is(found.role == *role, format!("{:?} ({})", found.role, found.name))
            }
            Claim::Unit(name, unit) => {
                let found = field(name)?.unit;
                is(found == Some(*unit), format!("{found:?}"))
            }
            Claim::Time(name, style) => {
                let found = field(name)?.time;
                is(found == Some(*style), format!("{found:?}"))
            }
            Claim::Missing(name, cells) => {
                let found = profile.columns[self.column(name)?].missing;
                is(found == *cells, found.to_string())
            }
            Claim::Unreadable(name, cells) => {
                let found = profile.columns[self.column(name)?].unreadable;
                is(found == *cells, found.to_string())
            }
            Claim::Value(row, name, value) => {
                let found = self.value(*row, self.column(name)?);
                is(found.is_some_and(|found| (found - value).abs() <= value.abs() * 1e-6), format!("{found:?}"))
            }
            Claim::Text(row, name, text) => {
                let column = self.column(name)?;
                let found = self.ranked.iter().find(|ranked| self.numbers[&ranked.offset] == *row);
                let found = found.ok_or("there is no such row")?;
                let row = block_on(ask_all(&self.host, LookUp(vec![found.clone()]))).expect("reads").remove(0);
                is(row.cells[column].trim() == *text, format!("{:?}", row.cells[column]))
            }
            Claim::First(rows) => {
                let found = self.top(1);
                is(found.iter().any(|row| rows.contains(row)), format!("{found:?}"))
            }
            Claim::Top(rows) => is(self.top(rows.len()) == *rows, format!("{:?}", self.top(rows.len()))),
            Claim::Among(row, most) => is(self.top(*most).contains(row), format!("{:?}", self.top(*most))),
            Claim::Found(kind, count) => is(findings.count(*kind) == *count, format!("{:?}", findings.by_kind)),
            Claim::Refused(_) => Err("it was read".into()),
        }
    }
}

/// What is other than expected: what is claimed, and what is so instead.
fn differences(expected: &Expected, loaded: &Result<Loaded, EngineError>) -> Vec<(String, String)> {
    let contradicts = |claim: &Claim| match (loaded, claim) {
        (Ok(loaded), claim) => loaded.contradicts(claim).err(),
        (Err(error), Claim::Refused(words)) => (!error.to_string().contains(words)).then(|| error.to_string()),
        (Err(error), _) => Some(error.to_string()),
    };
    expected.claims.iter().filter_map(|claim| Some((claim.to_string(), contradicts(claim)?))).collect()
}

#[test]
fn every_file_of_the_field_is_read_as_it_must_be() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
    if !folder.exists() {
        println!("skipped: ../shared/data/field is not on this machine");
        return;
    }
    let not_yet = |path: &str, claim: &str| table::NOT_YET.contains(&(path, claim));
    let (mut claims, mut wrong) = (0, Vec::new());
    for expected in table::files() {
        let path = expected.path;
        let bytes: Arc<[u8]> = fs::read(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}")).into();
        let loaded = load(&bytes, 1);
        match (&loaded, load(&bytes, 3)) {
            (Ok(one), Ok(three)) => {
                assert_eq!(one.dataset, three.dataset, "{path}: by 1 and 3 shards");
                assert_eq!(one.ranked, three.ranked, "{path}: by 1 and 3 shards");
            }
            (Err(one), Err(three)) => assert_eq!(one, &three, "{path}: by 1 and 3 shards"),
            _ => panic!("{path}: read by 1 shard or by 3 only"),
        }
        claims += expected.claims.len();
        let found = differences(&expected, &loaded);
        for &(_, claim) in table::NOT_YET.iter().filter(|(of, _)| *of == path) {
            assert!(expected.claims.iter().any(|known| known.to_string() == claim), "{path}: nobody claims {claim:?}");
            if found.iter().all(|(wrong, _)| wrong != claim) {
                println!("holds now: ({path:?}, {claim:?})");
            }
        }
        let listed = found.into_iter().filter(|(claim, _)| !not_yet(path, claim));
        wrong.extend(listed.map(|(claim, found)| format!("({path:?}, {claim:?}), // {found}")));
    }
    println!("{claims} claims, {} not yet", table::NOT_YET.len());
    assert!(wrong.is_empty(), "{} of {claims} claims do not hold:\n{}", wrong.len(), wrong.join("\n"));
}
