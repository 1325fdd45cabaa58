//! The numbers that a file brings along.

use super::fact::{Fact, Kind, MOST_KNOWN};
use crate::error::shorten;
use tract_onnx::pb::TensorProto;
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};

/// Why weights cannot be used.
pub(super) enum Fault {
    /// They are not what the file says they are.
    Damaged(String),
    /// They are of a sort that is not supported; the shape is told, too.
    Unsupported(String, Option<String>),
}

/// What kind of numbers a type of ONNX stands for, here.
pub(super) fn kind_of(kind: i32) -> Option<Kind> {
    Some(match DataType::try_from(kind).ok()? {
        DataType::Float | DataType::Double | DataType::Float16 => Kind::Float,
        DataType::Uint8 => Kind::Level,
        DataType::Int64 | DataType::Int32 | DataType::Int8 | DataType::Bool => Kind::Whole,
        _ => return None,
    })
}

/// The name of a type of ONNX.
pub(super) fn type_name(kind: i32) -> String {
    match DataType::try_from(kind) {
        Ok(kind) => kind.as_str_name().into(),
        Err(_) => format!("of the unknown type {kind}"),
    }
}

/// How many bytes a number of a type takes; `None` for those that are no plain numbers.
fn size(kind: i32) -> Option<usize> {
    Some(match DataType::try_from(kind).ok()? {
        DataType::Uint8 | DataType::Int8 | DataType::Bool => 1,
        DataType::Float16 => 2,
        DataType::Float | DataType::Int32 => 4,
        DataType::Int64 | DataType::Double => 8,
        _ => return None,
    })
}

/// The shape of weights, which must lie in the file, as many as it says.
pub(super) fn shape(tensor: &TensorProto) -> Result<Vec<usize>, Fault> {
    let name = shorten(&tensor.name);
    if tensor.data_location == Some(DataLocation::External as i32)
        || !tensor.external_data.is_empty()
    {
        let reason = format!("its weights \"{name}\" lie in another file");
        return Err(Fault::Unsupported(reason, None));
    }
    let said = format!("{:?}", tensor.dims);
    let Some(size) = size(tensor.data_type) else {
        let kind = type_name(tensor.data_type);
        let reason = format!("its weights \"{name}\" are of the type {kind}");
        return Err(Fault::Unsupported(reason, Some(said)));
    };
    let found = if tensor.raw_data.is_empty() {
        let lists = [
            tensor.float_data.len(),
            tensor.int32_data.len(),
            tensor.int64_data.len(),
            tensor.double_data.len(),
        ];
        lists.into_iter().sum()
    } else if tensor.raw_data.len().is_multiple_of(size) {
        tensor.raw_data.len() / size
    } else {
        usize::MAX
    };
    let sides = tensor.dims.iter().map(|side| usize::try_from(*side).ok());
    let shape: Option<Vec<usize>> = sides.collect();
    let shape = shape.filter(|shape| {
        let count = shape
            .iter()
            .try_fold(1_usize, |product, side| product.checked_mul(*side));
        // Of nothing there is a list at most, so that no side is larger than the file.
        count == Some(found) && (found > 0 || shape.len() <= 1)
    });
    shape.ok_or_else(|| {
        Fault::Damaged(format!(
            "its weights \"{name}\" are not as many as their shape {said} says"
        ))
    })
}

/// What is known of weights whose shape was found right, `name` being what they are
/// called in the network that is made.
pub(super) fn fact(tensor: &TensorProto, shape: Vec<usize>, name: String) -> Fact {
    let kind = kind_of(tensor.data_type).unwrap_or(Kind::Whole);
    let mut fact = Fact::new(name, kind, shape);
    fact.is_made = kind == Kind::Float;
    if fact.count() <= MOST_KNOWN {
        match kind {
            Kind::Float => fact.floats = Some(floats(tensor).into()),
            Kind::Level | Kind::Whole => fact.whole = Some(whole(tensor).into()),
        }
    }
    fact
}

/// The numbers of some weights, as 32-bit floats whatever they were.
pub(super) fn floats(tensor: &TensorProto) -> Vec<f32> {
    let raw = &tensor.raw_data;
    match DataType::try_from(tensor.data_type) {
        Ok(DataType::Float) if raw.is_empty() => tensor.float_data.clone(),
        Ok(DataType::Float) => of_bytes(raw, f32::from_le_bytes),
        Ok(DataType::Double) if raw.is_empty() => {
            tensor.double_data.iter().map(|&x| x as f32).collect()
        }
        Ok(DataType::Double) => of_bytes(raw, |bytes| f64::from_le_bytes(bytes) as f32),
        Ok(DataType::Float16) if raw.is_empty() => {
            tensor.int32_data.iter().map(|&x| half(x as u16)).collect()
        }
        Ok(DataType::Float16) => of_bytes(raw, |bytes| half(u16::from_le_bytes(bytes))),
        _ => whole(tensor).into_iter().map(|x| x as f32).collect(),
    }
}

/// The numbers of some weights that are whole.
fn whole(tensor: &TensorProto) -> Vec<i64> {
    let raw = &tensor.raw_data;
    match DataType::try_from(tensor.data_type) {
        Ok(DataType::Int64) if raw.is_empty() => tensor.int64_data.clone(),
        Ok(DataType::Int64) => of_bytes(raw, i64::from_le_bytes),
        _ if raw.is_empty() => tensor.int32_data.iter().map(|&x| i64::from(x)).collect(),
        Ok(DataType::Int32) => of_bytes(raw, |bytes| i64::from(i32::from_le_bytes(bytes))),
        Ok(DataType::Int8) => of_bytes(raw, |bytes| i64::from(i8::from_le_bytes(bytes))),
        _ => raw.iter().map(|&x| i64::from(x)).collect(),
    }
}

fn of_bytes<const SIZE: usize, T>(raw: &[u8], number: impl Fn([u8; SIZE]) -> T) -> Vec<T> {
    let (numbers, _) = raw.as_chunks::<SIZE>();
    numbers.iter().map(|bytes| number(*bytes)).collect()
}

/// A 16-bit float.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1_023));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1_024.0) * 2_f32.powi(exponent - 15),
    }
}

/// Weights as the network that is made has them.
pub(super) fn tensor(name: &str, shape: &[usize], numbers: &[f32]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: shape.iter().map(|&side| side as i64).collect(),
        data_type: DataType::Float as i32,
        raw_data: numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
        ..TensorProto::default()
    }
}

/// Whole numbers as the network that is made has them.
pub(super) fn whole_tensor(name: &str, numbers: &[i64]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: vec![numbers.len() as i64],
        data_type: DataType::Int64 as i32,
        raw_data: numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
        ..TensorProto::default()
    }
}
