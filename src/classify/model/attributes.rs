//! The options of a model's steps.

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::{AttributeProto, NodeProto, TensorProto};

fn find<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute
        .iter()
        .find(|attribute| attribute.name == name)
}

pub(super) fn integer(node: &NodeProto, name: &str) -> Option<i64> {
    find(node, name).map(|attribute| attribute.i)
}

pub(super) fn integers<'a>(node: &'a NodeProto, name: &str) -> Option<&'a [i64]> {
    find(node, name).map(|attribute| &*attribute.ints)
}

pub(super) fn number(node: &NodeProto, name: &str) -> Option<f32> {
    find(node, name).map(|attribute| attribute.f)
}

pub(super) fn numbers<'a>(node: &'a NodeProto, name: &str) -> Option<&'a [f32]> {
    find(node, name).map(|attribute| &*attribute.floats)
}

pub(super) fn tensor<'a>(node: &'a NodeProto, name: &str) -> Option<&'a TensorProto> {
    find(node, name).and_then(|attribute| attribute.t.as_ref())
}

pub(super) fn text<'a>(node: &'a NodeProto, name: &str) -> Option<&'a str> {
    find(node, name).and_then(|attribute| str::from_utf8(&attribute.s).ok())
}

pub(super) fn texts<'a>(node: &'a NodeProto, name: &str) -> Option<&'a [Vec<u8>]> {
    find(node, name).map(|attribute| &*attribute.strings)
}

pub(super) fn with_integer(name: &str, number: i64) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        r#type: AttributeType::Int as i32,
        i: number,
        ..AttributeProto::default()
    }
}

pub(super) fn with_integers(name: &str, numbers: Vec<i64>) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        r#type: AttributeType::Ints as i32,
        ints: numbers,
        ..AttributeProto::default()
    }
}

pub(super) fn with_number(name: &str, number: f32) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        r#type: AttributeType::Float as i32,
        f: number,
        ..AttributeProto::default()
    }
}
