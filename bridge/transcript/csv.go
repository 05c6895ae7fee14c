package transcript

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode/utf8"
)

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// CSV is the transcript as a table, one line per message: date, time, author, origin, type, text, files, state and id, under names in the
// language of the transcript. Dates are written 2026-11-23, times 22:58:03 in the zone. Quotes, edits and the like stand below the text, in the same cell.
//
// It is UTF-8 with a byte order mark, its lines end with CR LF, and its cells are divided by semicolons, because that is what Excel
// expects where the comma divides decimals, as in Brazil. No cell is a formula: a sign that could begin one gets an apostrophe before it,
// at the beginning of a cell, and also where a spreadsheet with another idea of what divides cells would see a beginning.
func CSV(c Conversation) []byte {
	v := look(c)
	lines := [][]string{v.labels.columns}
	for _, r := range v.rows {
		if r.separator == "" {
			lines = append(lines, v.labels.cells(r))
		}
	}
	return Table(lines)
}

// Table writes lines of cells as CSV does, whatever they are about. The cells are changed where they could begin a formula.
func Table(lines [][]string) []byte {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, cells := range lines {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
	}
	// Neither the buffer nor the semicolon can fail.
	_ = w.WriteAll(lines)
	return b.Bytes()
}

func (l labels) cells(r row) []string {
	var text, files []string
	if r.text != "" {
		text = append(text, r.text)
	}
	for _, d := range r.details {
		switch d.kind {
		case detailFile, detailDelivery:
		case detailQuote, detailTemplate, detailEdit, detailRevoked, detailReaction:
			text = append(text, "→ "+d.line())
		}
	}
	for _, f := range r.m.Files {
		name := fileLabel(l, f)
		if f.Refused {
			name = fileText(l, f)
		}
		files = append(files, name)
	}
	kind, state := r.m.Type, deliveryText(l, r.m)
	switch r.m.Kind {
	case KindState:
		kind, state = string(KindState), known(l.states, r.m.State)
	case KindNote, KindNotice:
		kind = string(r.m.Kind)
	case KindMessage:
	}
	return []string{
		r.at.Format(dayLayout), r.at.Format("15:04:05"), r.sender, r.origin, typeName(l, kind),
		strings.Join(text, "\n"), strings.Join(files, "\n"), oneLine(state), oneLine(r.m.ID),
	}
}

// formulaSigns begin what a spreadsheet computes, the wide ones in some languages.
const formulaSigns = "=+-@＝＋－＠"

// harmless puts an apostrophe before what could begin a formula. Within a cell only a formula that does something counts, so that lists
// and sums stay as they were written.
//
// Source: https://owasp.org/www-community/attacks/CSV_Injection
func harmless(cell string) string {
	lines := strings.Split(cell, "\n")
	for i, line := range lines {
		lines[i] = harmlessLine(line)
	}
	cell = strings.Join(lines, "\n")
	if begins(cell) || cell != "" && strings.IndexByte("\t\r\n", cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// harmlessLine guards the beginning of a line, and what follows a comma or tab.
func harmlessLine(line string) string {
	calls := strings.ContainsAny(line, "(|!") // a function, another program, another sheet
	var b strings.Builder
	done := 0
	for i := range len(line) + 1 {
		if i > 0 && line[i-1] != ',' && line[i-1] != '\t' {
			continue
		}
		if rest := line[i:]; begins(rest) && (calls || unspaced(rest)[0] == '=') {
			b.WriteString(line[done:i] + "'")
			done = i
		}
	}
	return b.String() + line[done:]
}

// begins tells whether a text begins with a formula sign, spaces aside.
func begins(s string) bool {
	r, size := utf8.DecodeRuneInString(unspaced(s))
	return size > 0 && strings.ContainsRune(formulaSigns, r)
}

func unspaced(s string) string { return strings.TrimLeft(s, " \u00a0") }
