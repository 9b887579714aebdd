//! Volumes of older releases of Dokku: what becomes of them, and that 0.38 still reads them afterwards. The trees in
//! `tests/fixtures/volumes` were written after what those releases' own sources write.

mod containers;
mod cut_off;
mod images;
mod layout;
mod releases;
mod volume;
