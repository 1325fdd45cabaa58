//! Pipelines: steps with probabilities, in groups, nested.
//!
//! The groups and their meaning are Albumentations': `Compose` and `Sequential` run
//! every member, `OneOf` runs one (their probabilities are weights, and the chosen one
//! always runs), `SomeOf` takes `n` members, each as likely, and runs those of them that
//! their own probability lets.

use super::companions::Companions;
use super::definition::{Definition, P, Transform};
use super::record::Applied;
use super::table::{definition, definitions};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, describe, refuse_unknown};
use crate::random::Stream;
use crate::raster::Raster;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How deep groups may lie within one another.
pub(super) const DEEPEST: usize = 16;

/// The most steps that a pipeline may run on one picture.
pub(super) const MOST_STEPS: usize = 1_000;

/// Steps to run on pictures.
#[derive(Clone, Debug)]
pub struct Pipeline {
    root: Arc<Group>,
}

#[derive(Debug)]
enum Node {
    Step(Arc<Step>),
    Group(Group),
}

/// A transform in its place, with its options as understood, defaults filled in.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) definition: &'static Definition,
    pub(super) p: f64,
    pub(super) options: Map<String, Value>,
    pub(super) transform: Box<dyn Transform>,
}

#[derive(Debug)]
struct Group {
    kind: GroupKind,
    p: f64,
    /// How many members `SomeOf` takes.
    n: usize,
    /// Whether `SomeOf` may take one twice.
    replace: bool,
    members: Vec<Node>,
}

/// How a group chooses among its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GroupKind {
    Compose,
    Sequential,
    OneOf,
    SomeOf,
}

/// The name of the field that holds members.
const TRANSFORMS: &str = "transforms";

/// The name of the field that names a transform or a group.
pub(super) const TRANSFORM: &str = "transform";

const N: Field = Field {
    name: "n",
    label: "How many",
    help: "How many of the members are taken.",
    kind: Kind::Integer {
        min: 1,
        max: MOST_STEPS as u64,
        default: Some(1),
        unit: "",
    },
};

const REPLACE: Field = Field {
    name: "replace",
    label: "Again",
    help: "Whether the same member may be taken more than once.",
    kind: Kind::Boolean { default: false },
};

impl GroupKind {
    const ALL: [Self; 4] = [Self::Compose, Self::OneOf, Self::SomeOf, Self::Sequential];

    fn name(self) -> &'static str {
        match self {
            Self::Compose => "Compose",
            Self::Sequential => "Sequential",
            Self::OneOf => "OneOf",
            Self::SomeOf => "SomeOf",
        }
    }

    /// Albumentations' default probability.
    fn p(self) -> f64 {
        match self {
            Self::Compose | Self::SomeOf => 1.0,
            Self::Sequential | Self::OneOf => 0.5,
        }
    }

    /// Its fields, besides the members and the probability.
    fn fields(self) -> &'static [Field] {
        match self {
            Self::SomeOf => &[N, REPLACE],
            _ => &[],
        }
    }
}

impl Pipeline {
    /// Reads a pipeline: an object with `transforms` and perhaps `p`, or just the list
    /// of transforms. Each of them is an object with `transform`, the name of a transform
    /// or of a group, `p`, and its parameters; a group has `transforms` again.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], [`Error::MissingParameter`],
    /// [`Error::UnknownParameter`] or [`Error::LimitExceeded`], naming the place.
    pub fn from_json(json: &Value) -> Result<Self> {
        let root = match json {
            Value::Array(list) => Group {
                kind: GroupKind::Compose,
                p: 1.0,
                n: 1,
                replace: false,
                members: members(list, 1)?,
            },
            Value::Object(object) => {
                let mut object = object.clone();
                let named = object.shift_remove(TRANSFORM);
                if let Some(other) = named.filter(|name| name != "Compose") {
                    return Err(Error::invalid(
                        "transform of the whole pipeline",
                        describe(&other),
                        "Compose, or leave it out",
                    ));
                }
                Group::read(GroupKind::Compose, &object, 1)?
            }
            other => {
                let allowed = "a list of transforms, or an object with the field transforms";
                return Err(Error::invalid("pipeline", describe(other), allowed));
            }
        };
        let steps = root.most_steps();
        if steps > MOST_STEPS {
            return Err(Error::LimitExceeded {
                field: "pipeline".into(),
                value: format!("{steps} steps on a picture"),
                allowed: format!("{MOST_STEPS} steps"),
            });
        }
        Ok(Self {
            root: Arc::new(root),
        })
    }

    /// The pipeline with all defaults filled in; read again, it is the same.
    pub fn to_json(&self) -> Value {
        json!({ "p": self.root.p, TRANSFORMS: self.root.members_json() })
    }

    /// Runs it on a picture with fresh draws, and says which steps ran.
    ///
    /// # Errors
    /// What a step refuses: a number of channels, or too large a result.
    pub fn run(&self, picture: Raster, stream: &mut Stream) -> Result<(Raster, Vec<Applied>)> {
        let (picture, _, applied) = self.run_with(picture, Companions::none(), stream)?;
        Ok((picture, applied))
    }

    /// The same for a picture with companions: a mask and boxes that follow it. The
    /// picture's pixels are those that [`run`](Self::run) gives.
    ///
    /// # Errors
    /// Those of [`run`](Self::run), and a mask of another size than the picture's.
    pub fn run_with(
        &self,
        picture: Raster,
        companions: Companions,
        stream: &mut Stream,
    ) -> Result<(Raster, Companions, Vec<Applied>)> {
        companions.check(picture.shape())?;
        let mut run = Run {
            picture: Some(picture),
            companions,
            applied: Vec::new(),
            path: Vec::new(),
        };
        run.group(&self.root, false, stream)?;
        let picture = run.picture.expect("every step gives a picture");
        let companions = run.companions.finished(picture.shape());
        Ok((picture, companions, run.applied))
    }
}

impl PartialEq for Pipeline {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.root, &other.root) || self.to_json() == other.to_json()
    }
}

impl Eq for Pipeline {}

/// A pipeline on its way through a picture.
struct Run {
    /// Absent only while a step works on it.
    picture: Option<Raster>,
    companions: Companions,
    applied: Vec<Applied>,
    path: Vec<usize>,
}

impl Run {
    fn group(&mut self, group: &Group, forced: bool, stream: &mut Stream) -> Result<()> {
        // As in the original: what is forced draws nothing, but `SomeOf` is not forced.
        let forced = forced && group.kind != GroupKind::SomeOf;
        if !forced && !stream.chance(group.p) {
            return Ok(());
        }
        match group.kind {
            GroupKind::Compose | GroupKind::Sequential => {
                for at in 0..group.members.len() {
                    self.member(group, at, false, stream)?;
                }
                Ok(())
            }
            GroupKind::OneOf => match group.choose(stream) {
                Some(at) => self.member(group, at, true, stream),
                None => Ok(()),
            },
            GroupKind::SomeOf => {
                for at in group.take(stream) {
                    self.member(group, at, false, stream)?;
                }
                Ok(())
            }
        }
    }

    fn member(
        &mut self,
        group: &Group,
        at: usize,
        forced: bool,
        stream: &mut Stream,
    ) -> Result<()> {
        self.path.push(at);
        match &group.members[at] {
            Node::Group(group) => self.group(group, forced, stream)?,
            Node::Step(step) => {
                if forced || stream.chance(step.p) {
                    self.step(step, stream)?;
                }
            }
        }
        self.path.pop();
        Ok(())
    }

    fn step(&mut self, step: &Arc<Step>, stream: &mut Stream) -> Result<()> {
        let picture = self.picture.take().expect("every step gives a picture");
        let before = picture.shape();
        let drawn = step.transform.draw(before, stream);
        let made = step.transform.apply(picture, &drawn).and_then(|made| {
            let shapes = [before, made.shape()];
            let transform = step.transform.as_ref();
            self.companions.follow(transform, &drawn, shapes)?;
            Ok(made)
        });
        self.picture = Some(made.map_err(|error| {
            let error = error.within(step.definition.name);
            self.path.iter().rev().fold(error, |error, at| {
                error.within(&format!("{TRANSFORMS}[{at}]"))
            })
        })?);
        self.applied.push(Applied {
            path: self.path.clone(),
            step: Arc::clone(step),
            drawn,
        });
        Ok(())
    }
}

impl Group {
    fn read(kind: GroupKind, object: &Map<String, Value>, depth: usize) -> Result<Self> {
        let mut object = object.clone();
        let list = object.shift_remove(TRANSFORMS);
        let p = probability(&mut object, kind.p())?;
        refuse_unknown(&object, kind.fields())?;
        let list = match &list {
            None => {
                return Err(Error::MissingParameter {
                    field: TRANSFORMS.into(),
                    allowed: "a list of transforms".into(),
                });
            }
            Some(Value::Array(list)) => list,
            Some(other) => {
                let allowed = "a list of transforms";
                return Err(Error::invalid(TRANSFORMS, describe(other), allowed));
            }
        };
        let some = kind == GroupKind::SomeOf;
        let group = Self {
            kind,
            p,
            n: if some {
                N.integer(&object)?.unwrap_or(1) as usize
            } else {
                1
            },
            replace: some && REPLACE.boolean(&object)?,
            members: members(list, depth)?,
        };
        if kind == GroupKind::OneOf && !group.members.is_empty() && group.weights() <= 0.0 {
            let allowed = "at least one member with a probability above 0";
            return Err(Error::invalid(
                TRANSFORMS,
                "a list whose p are all 0",
                allowed,
            ));
        }
        Ok(group)
    }

    fn weights(&self) -> f64 {
        self.members.iter().map(Node::p).sum()
    }

    /// One member, by weight.
    fn choose(&self, stream: &mut Stream) -> Option<usize> {
        let mut left = stream.unit() * self.weights();
        let possible = |node: &Node| node.p() > 0.0;
        for (at, node) in self.members.iter().enumerate() {
            if possible(node) && left < node.p() {
                return Some(at);
            }
            left -= node.p();
        }
        // Rounding may leave a trace at the end.
        self.members.iter().rposition(possible)
    }

    /// `n` members, each as likely, in their order.
    fn take(&self, stream: &mut Stream) -> Vec<usize> {
        let count = self.members.len();
        let mut taken: Vec<usize> = if count == 0 {
            Vec::new()
        } else if self.replace {
            (0..self.n)
                .map(|_| stream.below(count as u32) as usize)
                .collect()
        } else {
            let mut all: Vec<usize> = (0..count).collect();
            stream.shuffle(&mut all);
            all.truncate(self.n);
            all
        };
        taken.sort_unstable();
        taken
    }

    fn most_steps(&self) -> usize {
        let steps = self.members.iter().map(Node::most_steps);
        match self.kind {
            GroupKind::Compose | GroupKind::Sequential => {
                steps.fold(0, |sum, steps| sum.saturating_add(steps))
            }
            GroupKind::OneOf => steps.max().unwrap_or(0),
            GroupKind::SomeOf => steps.max().unwrap_or(0).saturating_mul(self.n),
        }
    }

    fn members_json(&self) -> Vec<Value> {
        self.members.iter().map(Node::to_json).collect()
    }
}

impl Node {
    fn read(json: &Value, depth: usize) -> Result<Self> {
        let allowed = "an object with the field transform";
        let mut object = json
            .as_object()
            .ok_or_else(|| Error::invalid("step", describe(json), allowed))?
            .clone();
        let group = GroupKind::ALL.into_iter().find(|kind| {
            object
                .get(TRANSFORM)
                .is_some_and(|name| name == kind.name())
        });
        if let Some(kind) = group {
            object.shift_remove(TRANSFORM);
            return Group::read(kind, &object, depth + 1)
                .map(Node::Group)
                .map_err(|error| error.within(kind.name()));
        }
        let definition = named(&object)?;
        object.shift_remove(TRANSFORM);
        let p = probability(&mut object, definition.p)
            .map_err(|error| error.within(definition.name))?;
        Ok(Self::Step(Arc::new(Step {
            definition,
            p,
            options: definition.understood(&object)?,
            transform: definition.build(&object)?,
        })))
    }

    fn p(&self) -> f64 {
        match self {
            Self::Step(step) => step.p,
            Self::Group(group) => group.p,
        }
    }

    fn most_steps(&self) -> usize {
        match self {
            Self::Step(_) => 1,
            Self::Group(group) => group.most_steps(),
        }
    }

    fn to_json(&self) -> Value {
        let mut object = Map::new();
        match self {
            Self::Step(step) => {
                object.insert(TRANSFORM.into(), step.definition.name.into());
                object.insert(P.name.into(), step.p.into());
                object.extend(step.options.clone());
            }
            Self::Group(group) => {
                object.insert(TRANSFORM.into(), group.kind.name().into());
                object.insert(P.name.into(), group.p.into());
                if group.kind == GroupKind::SomeOf {
                    object.insert(N.name.into(), group.n.into());
                    object.insert(REPLACE.name.into(), group.replace.into());
                }
                object.insert(TRANSFORMS.into(), group.members_json().into());
            }
        }
        Value::Object(object)
    }
}

fn members(list: &[Value], depth: usize) -> Result<Vec<Node>> {
    if depth > DEEPEST {
        return Err(Error::LimitExceeded {
            field: TRANSFORMS.into(),
            value: format!("{depth} groups deep"),
            allowed: format!("{DEEPEST} groups within one another"),
        });
    }
    if list.len() > MOST_STEPS {
        return Err(Error::LimitExceeded {
            field: TRANSFORMS.into(),
            value: format!("a list of {}", list.len()),
            allowed: format!("{MOST_STEPS} transforms"),
        });
    }
    list.iter()
        .enumerate()
        .map(|(at, json)| {
            Node::read(json, depth).map_err(|error| error.within(&format!("{TRANSFORMS}[{at}]")))
        })
        .collect()
}

/// The definition that an object names.
pub(super) fn named(object: &Map<String, Value>) -> Result<&'static Definition> {
    let allowed = || {
        let groups = GroupKind::ALL.map(GroupKind::name);
        let names: Vec<_> = definitions().map(|definition| definition.name).collect();
        [groups.as_slice(), names.as_slice()].concat().join(", ")
    };
    match object.get(TRANSFORM) {
        None => Err(Error::MissingParameter {
            field: TRANSFORM.into(),
            allowed: allowed(),
        }),
        Some(name) => name
            .as_str()
            .and_then(definition)
            .ok_or_else(|| Error::invalid(TRANSFORM, describe(name), allowed())),
    }
}

/// Takes the probability out of an object.
fn probability(object: &mut Map<String, Value>, default: f64) -> Result<f64> {
    let value = object.shift_remove(P.name);
    let alone = value.filter(|value| !value.is_null()).map(|value| {
        let mut alone = Map::new();
        alone.insert(P.name.into(), value);
        alone
    });
    Ok(match alone {
        None => default,
        Some(alone) => P.number(&alone)?.unwrap_or(default),
    })
}
