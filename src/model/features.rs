//! A plan as part of a graph: raw columns → the matrix that a detector sees.

use std::collections::BTreeMap;

use super::{
    SaveError, Texts,
    graph::{Attribute, Graph, Type, Value},
};
use crate::{
    features::{Encoding, Feature, FeaturePlan, Grouping},
    table::{AddressClass, Kind, MISSING_KEY, Schema, key_number},
};

/// What a table of values gives for one that it has not, where something else tells what such a one is.
const NOT_LISTED: f32 = -1.0;

/// Which addresses are of a class, as far as a regular expression (RE2) tells. The first that fits counts.
const CLASSES: [(AddressClass, &str); 4] = [
    (
        AddressClass::Private,
        r"(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.)[0-9.:/]*|[fF][cCdD][0-9a-fA-F:.%/]*|[fF][eE][89abAB][0-9a-fA-F]:.*",
    ),
    (AddressClass::Multicast, r"(22[4-9]|23[0-9])\.[0-9.:/]*|255\.255\.[0-9.:/]*|[fF][fF][0-9a-fA-F]{2}:.*"),
    (AddressClass::Special, r"(127|0|24[0-9]|25[0-5])\.[0-9.:/]*|::1?"),
    (AddressClass::Public, r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[0-9.:/]*|[0-9a-fA-F]*:[0-9a-fA-F:.%/]*"),
];

/// Adds a plan's inputs and nodes; gives the matrix (rows × features, 32 bits).
pub(super) fn add(graph: &mut Graph, plan: &FeaturePlan, schema: &Schema, texts: &Texts) -> Result<Value, SaveError> {
    let mut columns = BTreeMap::new();
    for feature in &plan.features {
        let field = &schema.fields[feature.column];
        let kind = if field.kind == Kind::Number { Type::Float } else { Type::Text };
        columns.entry(feature.column).or_insert_with(|| graph.input(&field.name, kind));
    }
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
        let inputs: Vec<Value> = some.iter().map(|&number| columns[&plan.features[number].column].clone()).collect();
        let features: Vec<&Feature> = some.iter().map(|&number| &plan.features[number]).collect();
        let together = quantities(graph, &inputs, &features);
        for (place, number) in some.into_iter().enumerate() {
            made[number] = Some(graph.pick(&together, &[place]));
        }
    }
    for (feature, made) in plan.features.iter().zip(&mut made) {
        let input = &columns[&feature.column];
        let number = schema.fields[feature.column].kind == Kind::Number;
        let value = match &feature.encoding {
            Encoding::SignedLog { .. } | Encoding::MinMax { .. } => continue,
            Encoding::Rarity { of: Grouping::AddressClasses, .. } => address_class(graph, input, &feature.encoding),
            Encoding::Rarity { .. } if schema.fields[feature.column].role == crate::table::Role::Ip => {
                return Err(SaveError::Networks(schema.fields[feature.column].name.clone()));
            }
            Encoding::Rarity { bits, .. } if number => rarity_of_number(graph, input, bits, &feature.encoding),
            Encoding::Rarity { bits, unseen, .. } => {
                let known = texts.get(&feature.column);
                rarity_of_text(graph, input, (bits, *unseen), known)
                    .ok_or_else(|| SaveError::Unnamed(schema.fields[feature.column].name.clone()))?
            }
            Encoding::Is { key, .. } if number => is_number(graph, input, *key),
            Encoding::Is { key, .. } => {
                let named = texts.get(&feature.column).and_then(|texts| texts.get(key));
                let text = if *key == MISSING_KEY { Some("") } else { named.map(String::as_str) };
                let text = text.ok_or_else(|| SaveError::Unnamed(schema.fields[feature.column].name.clone()))?;
                encoder(graph, input, vec![text], &[1.0], 0.0)
            }
        };
        *made = Some(value);
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

fn rarity_of_text(
    graph: &mut Graph,
    input: &Value,
    (bits, unseen): (&[(u32, f32)], f32),
    texts: Option<&BTreeMap<u32, String>>,
) -> Option<Value> {
    let text = |key: u32| {
        if key == MISSING_KEY { Some("") } else { texts.and_then(|texts| texts.get(&key)).map(String::as_str) }
    };
    let keys = bits.iter().map(|entry| text(entry.0)).collect::<Option<Vec<&str>>>()?;
    let values: Vec<f32> = bits.iter().map(|entry| entry.1).collect();
    Some(encoder(graph, input, keys, &values, unseen))
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
    let found = graph.ml(
        "LabelEncoder",
        input,
        &[
            ("keys_floats", Attribute::Floats(&keys)),
            ("values_floats", Attribute::Floats(&values)),
            ("default_float", Attribute::Float(NOT_LISTED)),
        ],
    );
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

fn address_class(graph: &mut Graph, input: &Value, encoding: &Encoding) -> Value {
    let Encoding::Rarity { bits, unseen, .. } = encoding else { return input.clone() };
    let rarity = |class: AddressClass| {
        bits.binary_search_by_key(&(class as u32), |entry| entry.0).map_or(*unseen, |place| bits[place].1)
    };
    let mut value = graph.floats(&[rarity(AddressClass::NotAnAddress)]);
    for (class, pattern) in CLASSES.into_iter().rev() {
        let found = graph.op("RegexFullMatch", &[input], &[("pattern", Attribute::Text(pattern))]);
        let rarity = graph.floats(&[rarity(class)]);
        value = graph.op("Where", &[&found, &rarity, &value], &[]);
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
