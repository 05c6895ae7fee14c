package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes the whole report as one JSON object, indented.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write a report as JSON: %w", err)
	}
	return nil
}

// mark tells spreadsheets that what follows is UTF-8.
const mark = "\uFEFF"

// WriteCSV writes one row per conversation, in UTF-8 with a byte order mark: cells stand between semicolons in pt-BR, between commas
// in English. Times are RFC 3339 in the report's zone, time spans whole seconds. A text that a spreadsheet could take for a formula
// begins with an apostrophe.
func (r Report) WriteCSV(w io.Writer) error {
	l := labelsIn(r.Language)
	if _, err := io.WriteString(w, mark); err != nil {
		return fmt.Errorf("write a report as CSV: %w", err)
	}
	c := csv.NewWriter(w)
	c.Comma = l.separator
	columns := l.columns()
	cells := make([]string, len(columns))
	for i, col := range columns {
		cells[i] = col.name
		if col.kind == kindSeconds {
			cells[i] += ", " + l.Columns.Seconds
		}
	}
	if err := c.Write(cells); err != nil {
		return fmt.Errorf("write a report as CSV: %w", err)
	}
	for _, line := range r.Rows {
		for k, col := range columns {
			cells[k] = plain(col.of(line))
		}
		if err := c.Write(cells); err != nil {
			return fmt.Errorf("write a report as CSV: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write a report as CSV: %w", err)
	}
	return nil
}
