//! A plan as part of a graph: raw columns → the matrix that a detector sees.

use std::collections::BTreeMap;

use super::{
    SaveError, Texts,
    graph::{Attribute, Graph, Runtimes, Type, Value},
};
use crate::{
    features::{Encoding, Feature, FeaturePlan, Grouping},
    table::{AddressClass, Kind, MISSING_KEY, Schema, key_number},
};

/// What a table of values gives for one that it has not, where something else tells what such a one is.
const NOT_LISTED: f32 = -1.0;

/// Which addresses are of a class, as far as a regular expression (RE2) tells. The first that fits counts.
pub(super) const CLASSES: [(AddressClass, &str); 4] = [
    (
        AddressClass::Private,
        r"(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.)[0-9.:/]*|[fF][cCdD][0-9a-fA-F:.%/]*|[fF][eE][89abAB][0-9a-fA-F]:.*",
    ),
    (AddressClass::Multicast, r"(22[4-9]|23[0-9])\.[0-9.:/]*|255\.255\.[0-9.:/]*|[fF][fF][0-9a-fA-F]{2}:.*"),
    (AddressClass::Special, r"(127|0|24[0-9]|25[0-5])\.[0-9.:/]*|::1?"),
    (AddressClass::Public, r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[0-9.:/]*|[0-9a-fA-F]*:[0-9a-fA-F:.%/]*"),
];

/// The columns that a plan compares, as inputs of a graph.
pub(super) struct Inputs<'a> {
    columns: BTreeMap<usize, Value>,
    schema: &'a Schema,
    texts: &'a Texts,
}

impl<'a> Inputs<'a> {
    /// Adds them.
    pub fn add(graph: &mut Graph, plan: &FeaturePlan, schema: &'a Schema, texts: &'a Texts) -> Self {
        let mut columns = BTreeMap::new();
        for feature in &plan.features {
            let field = &schema.fields[feature.column];
            let kind = if field.kind == Kind::Number { Type::Float } else { Type::Text };
            columns.entry(feature.column).or_insert_with(|| match of_classes(feature, graph.runtimes) {
                true => graph.input(&class_of(&field.name), kind),
                false => graph.input(&field.name, kind),
            });
        }
        Self { columns, schema, texts }
    }

    fn is_number(&self, column: usize) -> bool {
        self.schema.fields[column].kind == Kind::Number
    }

    fn name(&self, column: usize) -> String {
        self.schema.fields[column].name.clone()
    }

    /// The texts of a column that keys stand for.
    fn texts<'b>(&'b self, column: usize, keys: impl Iterator<Item = &'b u32>) -> Result<Vec<&'b str>, SaveError> {
        let known = self.texts.get(&column);
        let text = |&key: &u32| {
            if key == MISSING_KEY { Some("") } else { known.and_then(|texts| texts.get(&key)).map(String::as_str) }
        };
        keys.map(text).collect::<Option<_>>().ok_or_else(|| SaveError::Unnamed(self.name(column)))
    }

    /// The number of a feature, but for those that the plan scales: of amounts, the cells' own.
    pub fn unscaled(&self, graph: &mut Graph, feature: &Feature) -> Result<Value, SaveError> {
        let column = feature.column;
        let input = &self.columns[&column];
        Ok(match &feature.encoding {
            Encoding::SignedLog { .. } | Encoding::MinMax { .. } => input.clone(),
            Encoding::Rarity { of: Grouping::AddressClasses, bits, unseen, .. } => {
                address_class(graph, input, &|class| {
                    bits.binary_search_by_key(&(class as u32), |entry| entry.0).map_or(*unseen, |place| bits[place].1)
                })
            }
            Encoding::Rarity { .. } if self.schema.fields[column].role == crate::table::Role::Ip => {
                return Err(SaveError::Networks(self.name(column)));
            }
            Encoding::Rarity { bits, .. } if self.is_number(column) => {
                rarity_of_number(graph, input, bits, &feature.encoding)
            }
            Encoding::Rarity { bits, unseen, .. } => {
                let keys = self.texts(column, bits.iter().map(|entry| &entry.0))?;
                let values: Vec<f32> = bits.iter().map(|entry| entry.1).collect();
                encoder(graph, input, keys, &values, *unseen)
            }
            Encoding::Is { key, .. } if self.is_number(column) => is_number(graph, input, *key),
            Encoding::Is { key, .. } => {
                let keys = self.texts(column, std::iter::once(key))?;
                encoder(graph, input, keys, &[1.0], 0.0)
            }
        })
    }

    /// Which of some values a cell of a feature has, by their keys in ascending order, counted from 1; 0 is any other.
    pub fn code(&self, graph: &mut Graph, feature: &Feature, keys: &[u32]) -> Result<Value, SaveError> {
        let input = &self.columns[&feature.column];
        let code = |key: u32| keys.binary_search(&key).map_or(0.0, |place| place as f32 + 1.0);
        if matches!(feature.encoding, Encoding::Rarity { of: Grouping::AddressClasses, .. }) {
            return Ok(address_class(graph, input, &|class| code(class as u32)));
        }
        if !self.is_number(feature.column) {
            let codes: Vec<f32> = keys.iter().map(|&key| code(key)).collect();
            return Ok(encoder(graph, input, self.texts(feature.column, keys.iter())?, &codes, 0.0));
        }
        let listed: Vec<u32> = keys.iter().copied().filter(|&key| key != MISSING_KEY).collect();
        let (numbers, codes): (Vec<f32>, Vec<f32>) = listed.iter().map(|&key| (key_number(key), code(key))).unzip();
        // No table is empty.
        let found =
            if listed.is_empty() { graph.floats(&[0.0]) } else { number_table(graph, input, &numbers, &codes, 0.0) };
        let missing = graph.floats(&[code(MISSING_KEY)]);
        let nothing = graph.op("IsNaN", &[input], &[]);
        Ok(graph.op("Where", &[&nothing, &missing, &found], &[]))
    }
}

/// Whether a feature's input is the class of its address, and not the address.
fn of_classes(feature: &Feature, runtimes: Runtimes) -> bool {
    runtimes == Runtimes::Older && matches!(feature.encoding, Encoding::Rarity { of: Grouping::AddressClasses, .. })
}

/// The input that is the class of a column's address. It has a name of its own, so that nobody gives the address itself.
fn class_of(name: &str) -> String {
    format!("class of {name}")
}

/// Columns of which a graph for these runtimes takes the class of the address: by the name of the input.
pub(super) fn classified<'a>(plan: &FeaturePlan, schema: &'a Schema, runtimes: Runtimes) -> BTreeMap<String, &'a str> {
    let features = plan.features.iter().filter(|feature| of_classes(feature, runtimes));
    let name = |feature: &Feature| schema.fields[feature.column].name.as_str();
    features.map(|feature| (class_of(name(feature)), name(feature))).collect()
}

/// What a class is called as an input.
pub(super) fn class_name(class: AddressClass) -> &'static str {
    match class {
        AddressClass::Private => "private",
        AddressClass::Public => "public",
        AddressClass::Multicast => "multicast",
        AddressClass::Special => "special",
        AddressClass::NotAnAddress => "",
    }
}

/// Adds a plan's nodes; gives the matrix (rows × features, 32 bits).
pub(super) fn add(graph: &mut Graph, plan: &FeaturePlan, columns: &Inputs<'_>) -> Result<Value, SaveError> {
    let mut made: Vec<Option<Value>> = vec![None; plan.features.len()];
    for amounts in [true, false] {
        let of = |feature: &Feature| match feature.encoding {
            Encoding::SignedLog { .. } => amounts,
            Encoding::MinMax { .. } => !amounts,
            Encoding::Rarity { .. } | Encoding::Is { .. } => false,
        };
        let some: Vec<usize> = (0..plan.features.len()).filter(|&number| of(&plan.features[number])).collect();
        if some.is_empty() {
            continue;
        }
        let inputs: Vec<Value> =
            some.iter().map(|&number| columns.columns[&plan.features[number].column].clone()).collect();
        let features: Vec<&Feature> = some.iter().map(|&number| &plan.features[number]).collect();
        let together = quantities(graph, &inputs, &features);
        for (place, number) in some.into_iter().enumerate() {
            made[number] = Some(graph.pick(&together, &[place]));
        }
    }
    for (feature, made) in plan.features.iter().zip(&mut made) {
        if made.is_none() {
            *made = Some(columns.unscaled(graph, feature)?);
        }
    }
    let made: Vec<Value> = made.into_iter().flatten().collect();
    let matrix = graph.concat(&made);
    Ok(scaled(graph, plan, matrix))
}

/// Amounts: missing ones and infinite ones replaced, then on their scale, in 64 bits.
fn quantities(graph: &mut Graph, inputs: &[Value], features: &[&Feature]) -> Value {
    let of =
        |get: &dyn Fn(&Encoding) -> f64| features.iter().map(|feature| get(&feature.encoding)).collect::<Vec<f64>>();
    let bound = |which: usize| {
        of(&|encoding| match encoding {
            Encoding::SignedLog { min, max, missing, .. } | Encoding::MinMax { min, max, missing } => {
                [*min, *max, *missing][which]
            }
            Encoding::Rarity { .. } | Encoding::Is { .. } => 0.0,
        })
    };
    let raw = graph.concat(inputs);
    let mut x = graph.cast(&raw, Type::Double);
    for (operator, attributes, which) in [
        ("IsNaN", vec![], 2),
        ("IsInf", vec![("detect_positive", Attribute::Int(0))], 0),
        ("IsInf", vec![("detect_negative", Attribute::Int(0))], 1),
    ] {
        // `IsInf` is for 32 and 64 bits, of which all kinds of runtimes know the first.
        let found = graph.op(operator, &[&raw], &attributes);
        let other = graph.doubles(&bound(which));
        x = graph.op("Where", &[&found, &other, &x], &[]);
    }
    let logarithmic = features.iter().all(|feature| matches!(feature.encoding, Encoding::SignedLog { .. }));
    let scaled = if logarithmic {
        let parts =
            graph.doubles(&of(&|encoding| if let Encoding::SignedLog { parts, .. } = encoding { *parts } else { 1.0 }));
        let x = graph.op("Mul", &[&x, &parts], &[]);
        signed_ln(graph, &x)
    } else {
        let scale = |encoding: &Encoding| match encoding {
            Encoding::MinMax { min, max, .. } if max > min => 1.0 / (max - min),
            _ => 1.0,
        };
        let least =
            |encoding: &Encoding| if let Encoding::MinMax { min, .. } = encoding { min * scale(encoding) } else { 0.0 };
        let (scale, least) = (graph.doubles(&of(&scale)), graph.doubles(&of(&least)));
        let x = graph.op("Mul", &[&x, &scale], &[]);
        graph.op("Sub", &[&x, &least], &[])
    };
    graph.cast(&scaled, Type::Float)
}

/// `sign(x) · ln(1 + |x|)` without losing small values (Higham 2002, *Accuracy and Stability of Numerical Algorithms*, section 1.14.1,
/// after Kahan).
fn signed_ln(graph: &mut Graph, x: &Value) -> Value {
    let one = graph.doubles(&[1.0]);
    let zero = graph.doubles(&[0.0]);
    let size = graph.op("Abs", &[x], &[]);
    let more = graph.op("Add", &[&one, &size], &[]);
    let kept = graph.op("Sub", &[&more, &one], &[]);
    let tiny = graph.op("Equal", &[&kept, &zero], &[]);
    let divisor = graph.op("Where", &[&tiny, &one, &kept], &[]);
    let log = graph.op("Log", &[&more], &[]);
    let log = graph.op("Mul", &[&log, &size], &[]);
    let log = graph.op("Div", &[&log, &divisor], &[]);
    let log = graph.op("Where", &[&tiny, &size, &log], &[]);
    let sign = graph.op("Sign", &[x], &[]);
    graph.op("Mul", &[&sign, &log], &[])
}

/// A table of texts.
fn encoder(graph: &mut Graph, input: &Value, keys: Vec<&str>, values: &[f32], other: f32) -> Value {
    graph.ml(
        "LabelEncoder",
        input,
        &[
            ("keys_strings", Attribute::Texts(keys)),
            ("values_floats", Attribute::Floats(values)),
            ("default_float", Attribute::Float(other)),
        ],
    )
}

/// A table of numbers.
fn number_table(graph: &mut Graph, input: &Value, keys: &[f32], values: &[f32], other: f32) -> Value {
    if graph.runtimes == Runtimes::Older {
        // The oldest of them have no table from numbers to numbers: it goes by way of texts.
        let names: Vec<String> = (0..keys.len()).map(|place| place.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let attributes = [
            ("keys_floats", Attribute::Floats(keys)),
            ("values_strings", Attribute::Texts(names.clone())),
            ("default_string", Attribute::Text("")),
        ];
        let place = graph.ml("LabelEncoder", input, &attributes);
        return encoder(graph, &place, names, values, other);
    }
    graph.ml(
        "LabelEncoder",
        input,
        &[
            ("keys_floats", Attribute::Floats(keys)),
            ("values_floats", Attribute::Floats(values)),
            ("default_float", Attribute::Float(other)),
        ],
    )
}

/// Ports and codes: by a table, others by the class that they are in.
fn rarity_of_number(graph: &mut Graph, input: &Value, bits: &[(u32, f32)], encoding: &Encoding) -> Value {
    let listed: Vec<&(u32, f32)> = bits.iter().filter(|entry| entry.0 != MISSING_KEY).collect();
    let keys: Vec<f32> = listed.iter().map(|entry| key_number(entry.0)).collect();
    let values: Vec<f32> = listed.iter().map(|entry| entry.1).collect();
    let of_key = |key: u32| encoding.key(key);
    // Neither is whole, so neither is in a class.
    let missing = graph.floats(&[of_key(MISSING_KEY)]);
    let Encoding::Rarity { classes, unseen, .. } = encoding else { return missing };
    let mut other = graph.floats(&[*unseen]);
    if !classes.is_empty() {
        let floor = graph.op("Floor", &[input], &[]);
        let whole = graph.op("Equal", &[input, &floor], &[]);
        let zero = graph.floats(&[0.0]);
        let counted = graph.op("GreaterOrEqual", &[input, &zero], &[]);
        let whole = graph.op("And", &[&whole, &counted], &[]);
        for (end, bits) in classes.iter().rev() {
            let (end, bits) = (graph.floats(&[*end as f32]), graph.floats(&[*bits]));
            let inside = graph.op("LessOrEqual", &[input, &end], &[]);
            let inside = graph.op("And", &[&inside, &whole], &[]);
            other = graph.op("Where", &[&inside, &bits, &other], &[]);
        }
    }
    let found = number_table(graph, input, &keys, &values, NOT_LISTED);
    let none = graph.floats(&[NOT_LISTED]);
    let unlisted = graph.op("Equal", &[&found, &none], &[]);
    let found = graph.op("Where", &[&unlisted, &other, &found], &[]);
    let nothing = graph.op("IsNaN", &[input], &[]);
    graph.op("Where", &[&nothing, &missing, &found], &[])
}

fn is_number(graph: &mut Graph, input: &Value, key: u32) -> Value {
    let found = if key == MISSING_KEY {
        graph.op("IsNaN", &[input], &[])
    } else {
        let wanted = graph.floats(&[key_number(key)]);
        graph.op("Equal", &[input, &wanted], &[])
    };
    graph.cast(&found, Type::Float)
}

/// A number by the class that an address is of.
fn address_class(graph: &mut Graph, input: &Value, number: &dyn Fn(AddressClass) -> f32) -> Value {
    if graph.runtimes == Runtimes::Older {
        let names = CLASSES.map(|(class, _)| class_name(class)).to_vec();
        return encoder(
            graph,
            input,
            names,
            &CLASSES.map(|(class, _)| number(class)),
            number(AddressClass::NotAnAddress),
        );
    }
    let mut value = graph.floats(&[number(AddressClass::NotAnAddress)]);
    for (class, pattern) in CLASSES.into_iter().rev() {
        let found = graph.op("RegexFullMatch", &[input], &[("pattern", Attribute::Text(pattern))]);
        let number = graph.floats(&[number(class)]);
        value = graph.op("Where", &[&found, &number, &value], &[]);
    }
    value
}

/// All features on one scale, where the plan says so.
fn scaled(graph: &mut Graph, plan: &FeaturePlan, matrix: Value) -> Value {
    let parts: Option<Vec<[f32; 2]>> =
        plan.features.iter().map(|feature| feature.scaling.map(|scaling| scaling.parts())).collect();
    let Some(parts) = parts else { return matrix };
    let [centre, spread] = [0, 1].map(|part| graph.floats(&parts.iter().map(|parts| parts[part]).collect::<Vec<_>>()));
    let x = graph.op("Sub", &[&matrix, &centre], &[]);
    let x = graph.op("Div", &[&x, &spread], &[]);
    let [low, high] = crate::features::Scaling::ENDS.map(|end| graph.floats(&[end]));
    let x = graph.op("Max", &[&x, &low], &[]);
    graph.op("Min", &[&x, &high], &[])
}
