//! Tables as Dokku's compiled plugins print them (contract: output.md section 1).

/// Lines of cells in columns: each cell padded to the widest of its column, two spaces between, nothing behind the last.
pub fn columns<C: AsRef<str>>(rows: &[Vec<C>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.as_ref().trim().chars().count()).max()
    };
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter()
        .map(|row| {
            let last = row.len().saturating_sub(1);
            let cells = row.iter().enumerate().map(|(column, cell)| match column == last {
                true => cell.as_ref().trim().to_owned(),
                false => format!("{:width$}  ", cell.as_ref().trim(), width = widths[column]),
            });
            cells.collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![vec!["KEY:", "x"], vec!["LONGER:", ""], vec!["ä:", " two words "]];
        assert_eq!(columns(&rows), ["KEY:     x", "LONGER:  ", "ä:       two words"]);
    }
}
