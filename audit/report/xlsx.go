package report

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// mostLinks is how many tickets of a sheet are links: Excel takes 65,530 on one, and each costs time as the sheet is opened.
const mostLinks = 20_000

// WriteXLSX writes the report as an Excel workbook: a sheet of totals, one for each table, and one with a row per conversation. Dates,
// times and numbers are such, and can be reckoned with; there are no formulas, and no text can become one.
func (r Report) WriteXLSX(w io.Writer) error {
	file := excelize.NewFile()
	defer file.Close() // its temporary files; what counts is what was written
	b, err := newBook(file, r)
	if err != nil {
		return fmt.Errorf("write a report as a workbook: %w", err)
	}
	for _, write := range []func() error{
		b.summary, b.outcomes, b.rows, b.agents, b.queues, b.numbers, b.days, b.hours, b.paid, b.audit, b.notes,
	} {
		if err := write(); err != nil {
			return fmt.Errorf("write a report as a workbook: %w", err)
		}
	}
	if err := file.Write(w); err != nil {
		return fmt.Errorf("write a report as a workbook: %w", err)
	}
	return nil
}

// firstSheet is the one that a new workbook has.
const firstSheet = "Sheet1"

// book is a workbook on its way.
type book struct {
	file   *excelize.File
	r      Report
	l      labels
	styles [kindDecimal + 1]int
	head   int
	link   int
	begun  bool // the first sheet has its name
}

func newBook(file *excelize.File, r Report) (*book, error) {
	b := &book{file: file, r: r, l: labelsIn(r.Language)}
	if err := file.SetDocProps(&excelize.DocProperties{
		Title: clean(r.Title), Subject: b.l.period(r.From, r.To), Creator: "Ponte", Language: string(b.l.Tag),
		Created: r.Made.UTC().Format(time.RFC3339), Modified: r.Made.UTC().Format(time.RFC3339),
	}); err != nil {
		return nil, err
	}
	day := "dd/mm/yyyy"
	if b.l.separator == ',' {
		day = "yyyy-mm-dd"
	}
	date := day + " hh:mm:ss"
	span, whole, plain, percent, decimal := "[h]:mm:ss", "#,##0", "0", "0.0%", "#,##0.00"
	top := &excelize.Alignment{Vertical: "top"}
	for kind, form := range map[kind]*string{
		kindTime: &date, kindDate: &day, kindSeconds: &span, kindInteger: &whole, kindID: &plain, kindTicket: &plain, kindRate: &percent, kindDecimal: &decimal,
	} {
		style, err := file.NewStyle(&excelize.Style{CustomNumFmt: form, Alignment: top})
		if err != nil {
			return nil, err
		}
		b.styles[kind] = style
	}
	var err error
	text := "@"
	if b.styles[kindText], err = file.NewStyle(&excelize.Style{CustomNumFmt: &text, Alignment: top}); err != nil {
		return nil, err
	}
	if b.head, err = file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0F3D66"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	}); err != nil {
		return nil, err
	}
	b.link, err = file.NewStyle(&excelize.Style{Font: &excelize.Font{Color: "0B5394", Underline: "single"}, CustomNumFmt: &plain, Alignment: top})
	return b, err
}

// field is a column of a sheet.
type field struct {
	name  string
	kind  kind
	width float64
}

// cellOf is a cell that has another kind than its column, or an address.
type cellOf struct {
	value value
	kind  kind
	url   string
}

// sheet writes a sheet: a frozen line of headings with filters, and rows as they are drawn.
func (b *book) sheet(name string, fields []field, rows func(yield func([]value) error) error) error {
	if err := b.begin(name); err != nil {
		return err
	}
	s, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	heads := make([]any, len(fields))
	for i, f := range fields {
		if err := s.SetColWidth(i+1, i+1, f.width); err != nil {
			return err
		}
		heads[i] = excelize.Cell{StyleID: b.head, Value: f.name}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := s.SetRow("A1", heads, excelize.RowOpts{Height: 32}); err != nil {
		return err
	}
	at, links := 1, 0
	cells := make([]any, len(fields))
	err = rows(func(values []value) error {
		at++
		for i, v := range values {
			c, own := v.(cellOf)
			if !own {
				c = cellOf{value: v, kind: fields[i].kind}
			}
			cells[i] = b.cell(c)
			if c.url == "" || links >= mostLinks {
				continue
			}
			links++
			ref, err := excelize.CoordinatesToCellName(i+1, at)
			if err != nil {
				return err
			}
			if err := b.file.SetCellHyperLink(name, ref, c.url, "External"); err != nil {
				return err
			}
			cells[i] = excelize.Cell{StyleID: b.link, Value: c.value}
		}
		return s.SetRow("A"+strconv.Itoa(at), cells)
	})
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(fields), at)
	if err != nil {
		return err
	}
	if err := b.file.AutoFilter(name, "A1:"+last, nil); err != nil {
		return err
	}
	return s.Flush()
}

// begin makes a sheet; the workbook's first one is there already.
func (b *book) begin(name string) error {
	if !b.begun {
		b.begun = true
		return b.file.SetSheetName(firstSheet, name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

// cell is a value as the workbook has it. A Cell's Formula is never set: a text stays a text.
func (b *book) cell(c cellOf) any {
	switch v := c.value.(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return excelize.Cell{StyleID: b.styles[kindText], Value: clean(v)}
	case int64:
		if c.kind == kindSeconds {
			return excelize.Cell{StyleID: b.styles[kindSeconds], Value: float64(v) / (24 * 3600)}
		}
		return excelize.Cell{StyleID: b.styles[c.kind], Value: v}
	case int:
		return excelize.Cell{StyleID: b.styles[c.kind], Value: v}
	case float64:
		return excelize.Cell{StyleID: b.styles[c.kind], Value: v}
	case time.Time:
		return excelize.Cell{StyleID: b.styles[c.kind], Value: v}
	}
	return nil
}

// ticket is a ticket's number, a link where there is an address.
func ticket(id int64, url string) value {
	if id == 0 {
		return nil
	}
	return cellOf{value: id, kind: kindTicket, url: url}
}

// rows is the sheet of the conversations.
func (b *book) rows() error {
	columns := b.l.columns()
	fields := make([]field, len(columns))
	for i, c := range columns {
		fields[i] = field{c.name, c.kind, c.width}
	}
	return b.sheet(b.l.Sheets.Rows, fields, func(yield func([]value) error) error {
		values := make([]value, len(columns))
		for _, line := range b.r.Rows {
			for k, c := range columns {
				if values[k] = c.of(line); c.kind == kindTicket {
					values[k] = ticket(line.Ticket, line.URL)
				}
			}
			if err := yield(values); err != nil {
				return err
			}
		}
		return nil
	})
}

// all yields rows that are there already.
func all(rows [][]value) func(func([]value) error) error {
	return func(yield func([]value) error) error {
		for _, row := range rows {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
}
