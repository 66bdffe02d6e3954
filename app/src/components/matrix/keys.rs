//! Moving in the grid with keys: the pattern "grid" of the ARIA authoring practices.

/// A place in the grid: row 0 is the head, column 0 the titles of the rows.
pub type Spot = (usize, usize);

const LAST_COLUMN: usize = 3;

/// Where a key leads from `at`; nothing when it does not move. `rows` counts the head too, and
/// `there` tells whether something can be focused at a spot.
pub fn moved(
    key: &str,
    whole_grid: bool,
    at: Spot,
    rows: usize,
    there: impl Fn(Spot) -> bool,
) -> Option<Spot> {
    let (row, col) = at;
    let in_row = |mut cols: Box<dyn Iterator<Item = usize>>, row: usize| {
        cols.find(|col| there((row, *col))).map(|col| (row, col))
    };
    match key {
        "ArrowRight" => in_row(Box::new(col + 1..=LAST_COLUMN), row),
        "ArrowLeft" => in_row(Box::new((0..col).rev()), row),
        "ArrowDown" => (row + 1..rows)
            .find(|row| there((*row, col)))
            .map(|row| (row, col)),
        "ArrowUp" => (0..row)
            .rev()
            .find(|row| there((*row, col)))
            .map(|row| (row, col)),
        "Home" if whole_grid => first(rows, there),
        "End" if whole_grid => (0..rows)
            .rev()
            .find_map(|row| in_row(Box::new((0..=LAST_COLUMN).rev()), row)),
        "Home" => in_row(Box::new(0..=LAST_COLUMN), row),
        "End" => in_row(Box::new((0..=LAST_COLUMN).rev()), row),
        _ => None,
    }
}

/// The first spot that can be focused.
pub fn first(rows: usize, there: impl Fn(Spot) -> bool) -> Option<Spot> {
    (0..rows)
        .flat_map(|row| (0..=LAST_COLUMN).map(move |col| (row, col)))
        .find(|spot| there(*spot))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A head without a first column; the row 2 has no Manage and no Delete; row 3 is filtered away.
    fn there((row, col): Spot) -> bool {
        match row {
            0 => col > 0,
            2 => col < 2,
            3 => false,
            _ => true,
        }
    }

    #[test]
    fn arrows_skip_what_does_not_exist() {
        let go = |key, at| moved(key, false, at, 5, there);
        assert_eq!(go("ArrowRight", (2, 0)), Some((2, 1)));
        assert_eq!(go("ArrowRight", (2, 1)), None);
        assert_eq!(go("ArrowDown", (1, 3)), Some((4, 3)));
        assert_eq!(go("ArrowDown", (2, 1)), Some((4, 1)));
        assert_eq!(go("ArrowUp", (1, 0)), None);
        assert_eq!(go("ArrowUp", (4, 2)), Some((1, 2)));
    }

    #[test]
    fn home_and_end_go_to_the_ends_of_the_row_or_the_grid() {
        assert_eq!(moved("End", false, (1, 0), 5, there), Some((1, 3)));
        assert_eq!(moved("End", false, (2, 0), 5, there), Some((2, 1)));
        assert_eq!(moved("Home", false, (4, 3), 5, there), Some((4, 0)));
        assert_eq!(moved("Home", true, (4, 3), 5, there), Some((0, 1)));
        assert_eq!(moved("End", true, (0, 1), 5, there), Some((4, 3)));
        assert_eq!(moved("x", false, (1, 1), 5, there), None);
    }
}
