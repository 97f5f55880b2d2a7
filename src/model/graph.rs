//! An ONNX graph that is being built: named values, nodes between them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::proto::Message;

/// Which runtimes a graph is for: they differ in the operators that they have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Runtimes {
    /// Those with the operators of ONNX 1.16, as onnxruntime 1.21 has them.
    #[default]
    Current,
    /// Those of ONNX 1.11 as well. Nothing there reads text, so whoever runs such a graph tells the class of an address.
    Older,
}

impl Runtimes {
    /// Versions of both sets of operators. The current ones: the first with `RegexFullMatch`, the first with `TreeEnsemble` in
    /// double; the older ones: the first in which `LessOrEqual` and its like are no functions of others, the first whose trees
    /// have thresholds in double.
    fn versions(self) -> [(&'static str, i64); 2] {
        match self {
            Self::Current => [("", 20), (ML, 5)],
            Self::Older => [("", 16), (ML, 3)],
        }
    }

    /// The version of the file format that has these.
    fn format(self) -> i64 {
        match self {
            Self::Current => 9,
            Self::Older => 8,
        }
    }
}

/// Types of tensors, as `onnx.proto` numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Float = 1,
    Bytes = 2,
    Short = 5,
    Int = 7,
    Text = 8,
    Bool = 9,
    Double = 11,
}

/// Operators of machine learning, beside those of ONNX itself.
const ML: &str = "ai.onnx.ml";
/// The field of what else is told of a graph.
pub(super) const METADATA: u64 = 14;

/// An attribute of a node.
pub(super) enum Attribute<'a> {
    Int(i64),
    Float(f32),
    Text(&'a str),
    Ints(Vec<i64>),
    Floats(&'a [f32]),
    Texts(Vec<&'a str>),
    Tensor(Message),
}

impl Attribute<'_> {
    fn written(&self, name: &str) -> Message {
        let message = Message::default().bytes(1, name.as_bytes());
        match self {
            Self::Float(value) => message.float(2, *value).int(20, 1),
            Self::Int(value) => message.int(3, *value).int(20, 2),
            Self::Text(text) => message.bytes(4, text.as_bytes()).int(20, 3),
            Self::Tensor(tensor) => message.bytes(5, &tensor.0).int(20, 4),
            Self::Floats(values) => values.iter().fold(message, |message, &value| message.float(7, value)).int(20, 6),
            Self::Ints(values) => message.ints(8, values.iter().copied()).int(20, 7),
            Self::Texts(texts) => {
                texts.iter().fold(message, |message, text| message.bytes(9, text.as_bytes())).int(20, 8)
            }
        }
    }
}

/// A tensor with these numbers.
pub(super) fn tensor<T: bytemuck::Pod>(name: &str, kind: Type, shape: &[usize], values: &[T]) -> Message {
    let dims = shape.iter().map(|&size| size as i64);
    let message = Message::default().ints(1, dims).int(2, kind as i64).bytes(8, name.as_bytes());
    message.bytes(9, bytemuck::cast_slice(values))
}

/// A graph that is being built.
#[derive(Default)]
pub(super) struct Graph {
    pub runtimes: Runtimes,
    nodes: Vec<Message>,
    constants: Vec<Message>,
    inputs: Vec<Message>,
    outputs: Vec<Message>,
    named: usize,
}

/// The name of a value.
pub(super) type Value = String;

impl Graph {
    /// Nothing yet.
    pub fn of(runtimes: Runtimes) -> Self {
        Self { runtimes, ..Self::default() }
    }

    fn fresh(&mut self) -> Value {
        self.named += 1;
        // No column is called like this: names of inputs are those of columns.
        format!("\u{1}{}", self.named)
    }

    fn column(name: &str, kind: Type, width: usize) -> Message {
        let rows = Message::default().bytes(2, b"rows");
        let shape = Message::default().bytes(1, &rows.0).bytes(1, &Message::default().int(1, width as i64).0);
        let tensor = Message::default().int(1, kind as i64).bytes(2, &shape.0);
        Message::default().bytes(1, name.as_bytes()).bytes(2, &Message::default().bytes(1, &tensor.0).0)
    }

    /// A column of the table.
    pub fn input(&mut self, name: &str, kind: Type) -> Value {
        self.inputs.push(Self::column(name, kind, 1));
        name.to_owned()
    }

    /// Gives a value to whoever runs the graph.
    pub fn output(&mut self, name: &str, kind: Type, value: Value) {
        self.add("", "Identity", &[value], &[], &[name]);
        self.outputs.push(Self::column(name, kind, 1));
    }

    fn add(
        &mut self,
        domain: &str,
        operator: &str,
        inputs: &[Value],
        attributes: &[(&str, Attribute<'_>)],
        outputs: &[&str],
    ) {
        let mut node = Message::default();
        for input in inputs {
            node = node.bytes(1, input.as_bytes());
        }
        for output in outputs {
            node = node.bytes(2, output.as_bytes());
        }
        node = node.bytes(4, operator.as_bytes());
        for (name, attribute) in attributes {
            node = node.bytes(5, &attribute.written(name).0);
        }
        self.nodes.push(if domain.is_empty() { node } else { node.bytes(7, domain.as_bytes()) });
    }

    /// What an operator makes of values.
    pub fn op(&mut self, operator: &str, inputs: &[&Value], attributes: &[(&str, Attribute<'_>)]) -> Value {
        let inputs: Vec<Value> = inputs.iter().map(|&input| input.clone()).collect();
        let output = self.fresh();
        self.add("", operator, &inputs, attributes, &[&output]);
        output
    }

    /// The least numbers of each row, ascending, and in which columns they are.
    pub fn least(&mut self, matrix: &Value, count: usize) -> [Value; 2] {
        let count = self.ints(&[count as i64]);
        let [values, columns] = [self.fresh(), self.fresh()];
        let inputs = [matrix.clone(), count];
        self.add("", "TopK", &inputs, &[("largest", Attribute::Int(0))], &[&values, &columns]);
        [values, columns]
    }

    /// The same of those for machine learning.
    pub fn ml(&mut self, operator: &str, input: &Value, attributes: &[(&str, Attribute<'_>)]) -> Value {
        let output = self.fresh();
        self.add(ML, operator, std::slice::from_ref(input), attributes, &[&output]);
        output
    }

    /// Numbers of a type, in this shape.
    pub fn constant<T: bytemuck::Pod>(&mut self, kind: Type, shape: &[usize], values: &[T]) -> Value {
        let name = self.fresh();
        self.constants.push(tensor(&name, kind, shape, values));
        name
    }

    /// Numbers, one a column.
    pub fn floats(&mut self, values: &[f32]) -> Value {
        self.matrix(&[1, values.len()], values)
    }

    /// A matrix of numbers, row by row.
    pub fn matrix(&mut self, shape: &[usize], values: &[f32]) -> Value {
        self.constant(Type::Float, shape, values)
    }

    /// The same of 64 bits.
    pub fn doubles(&mut self, values: &[f64]) -> Value {
        self.constant(Type::Double, &[1, values.len()], values)
    }

    /// Whole numbers.
    pub fn ints(&mut self, values: &[i64]) -> Value {
        self.constant(Type::Int, &[values.len()], values)
    }

    /// A value as another type.
    pub fn cast(&mut self, value: &Value, kind: Type) -> Value {
        self.op("Cast", &[value], &[("to", Attribute::Int(kind as i64))])
    }

    /// Columns beside each other.
    pub fn concat(&mut self, columns: &[Value]) -> Value {
        let columns: Vec<&Value> = columns.iter().collect();
        if let [one] = columns[..] { one.clone() } else { self.op("Concat", &columns, &[("axis", Attribute::Int(1))]) }
    }

    /// The sum of each row.
    pub fn sum(&mut self, matrix: &Value) -> Value {
        let axis = self.ints(&[1]);
        self.op("ReduceSum", &[matrix, &axis], &[])
    }

    /// What an operator that takes axes only as an attribute, before ONNX 1.13, makes of each row.
    pub fn reduce(&mut self, operator: &str, matrix: &Value) -> Value {
        match self.runtimes {
            Runtimes::Current => {
                let axis = self.ints(&[1]);
                self.op(operator, &[matrix, &axis], &[])
            }
            Runtimes::Older => self.op(operator, &[matrix], &[("axes", Attribute::Ints(vec![1]))]),
        }
    }

    /// Some of the columns of a matrix.
    pub fn pick(&mut self, matrix: &Value, columns: &[usize]) -> Value {
        let places = self.ints(&columns.iter().map(|&column| column as i64).collect::<Vec<_>>());
        self.op("Gather", &[matrix, &places], &[("axis", Attribute::Int(1))])
    }

    /// The file: the graph, and what else is told of it.
    pub fn finish(self, about: &str, told: &[(&str, String)]) -> Vec<u8> {
        let graph = Message::default().messages(1, &self.nodes).bytes(2, b"flowsift").messages(5, &self.constants);
        let graph = graph.messages(11, &self.inputs).messages(12, &self.outputs);
        let mut model = Message::default()
            .int(1, self.runtimes.format())
            .bytes(2, b"Flowsift")
            .bytes(3, env!("CARGO_PKG_VERSION").as_bytes());
        model = model.bytes(6, about.as_bytes()).bytes(7, &graph.0);
        for (domain, version) in self.runtimes.versions() {
            model = model.bytes(8, &Message::default().bytes(1, domain.as_bytes()).int(2, version).0);
        }
        let entry = |key: &str, value: &str| Message::default().bytes(1, key.as_bytes()).bytes(2, value.as_bytes());
        for (key, value) in told {
            model = model.bytes(METADATA, &entry(key, value).0);
        }
        // Of all that comes before: it guards against accidents, not against forgers.
        let digest: String = Sha256::digest(&model.0).iter().map(|byte| format!("{byte:02x}")).collect();
        model.bytes(METADATA, &entry("flowsift.sha256", &digest).0).0
    }
}
