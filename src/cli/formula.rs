use super::Answer;
use super::args::{Diff, Pullback};
use anyhow::{Result, bail};
pub fn diff(_args: &Diff, _color: bool) -> Result<Answer> {
    bail!("later")
}
pub fn pullback(_args: &Pullback, _color: bool) -> Result<Answer> {
    bail!("later")
}
