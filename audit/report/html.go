package report

import (
	"bufio"
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html page.css
var pageFiles embed.FS

// WriteHTML writes the report as one page that needs nothing else: figures, charts with their numbers in tables, the first MostRows
// conversations, and what the figures mean. It prints on A4, follows the screen's light or dark colours, and runs no script.
func (r Report) WriteHTML(w io.Writer) error {
	t, err := template.New("page.html").ParseFS(pageFiles, "page.html")
	if err != nil {
		return fmt.Errorf("read the report's page: %w", err)
	}
	style, err := pageFiles.ReadFile("page.css")
	if err != nil {
		return fmt.Errorf("read the report's style: %w", err)
	}
	b := bufio.NewWriter(w)
	data := struct {
		page

		Style template.CSS
	}{r.view(), template.CSS(style)} //nolint:gosec // it is our own file
	if err := t.Execute(b, data); err != nil {
		return fmt.Errorf("write a report as HTML: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write a report as HTML: %w", err)
	}
	return nil
}
