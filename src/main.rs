//! The one program of the container.

fn main() {}
