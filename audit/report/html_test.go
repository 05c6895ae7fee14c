package report_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// parsed is the page of a report.
func parsed(t *testing.T, r report.Report) (*html.Node, string) {
	t.Helper()
	text := string(written(t, r.WriteHTML))
	n, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return n, text
}

// find lists the elements of a name.
func find(n *html.Node, name string) (list []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			list = append(list, d)
		}
	}
	return list
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// The page needs nothing else, and runs nothing.
func TestPageStandsAlone(t *testing.T) {
	t.Parallel()
	n, text := parsed(t, build(november(t), rowsOf(t, 400)...))
	for _, name := range []string{"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use", "foreignObject"} {
		if list := find(n, name); len(list) > 0 {
			t.Errorf("%d of %s", len(list), name)
		}
	}
	for d := range n.Descendants() {
		for _, a := range d.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "style" {
				t.Errorf("%s has %s=%q", d.Data, a.Key, a.Val)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://acme.zendesk.com/agent/tickets/") {
				t.Errorf("a link to %s", a.Val)
			}
		}
	}
	for _, word := range []string{"@import", "url(http", "url(//", "NaN", "Inf", "<nil>", "%!", "ZgotmplZ"} {
		if strings.Contains(text, word) {
			t.Errorf("the page has %q", word)
		}
	}
	if lang := attr(find(n, "html")[0], "lang"); lang != "pt-BR" {
		t.Errorf("language %q", lang)
	}
}

// Who can't see reads: every chart says what it is, and its numbers stand in a table with headings.
func TestPageIsAccessible(t *testing.T) {
	t.Parallel()
	n, _ := parsed(t, build(november(t), rowsOf(t, 400)...))
	ids := map[string]*html.Node{}
	for d := range n.Descendants() {
		if id := attr(d, "id"); id != "" {
			if ids[id] != nil {
				t.Errorf("id %q twice", id)
			}
			ids[id] = d
		}
	}
	charts := 0
	for _, svg := range find(n, "svg") {
		if attr(svg, "role") != "img" {
			if attr(svg, "aria-hidden") != "true" && attr(svg.Parent.Parent, "aria-hidden") != "true" {
				t.Error("a drawing that is neither a chart nor hidden")
			}
			continue
		}
		charts++
		names := strings.Fields(attr(svg, "aria-labelledby"))
		if len(names) != 2 || ids[names[0]] == nil || ids[names[0]].Data != "title" || ids[names[1]] == nil || ids[names[1]].Data != "desc" {
			t.Errorf("chart described by %v", names)
			continue
		}
		for _, name := range names {
			if textOf(ids[name]) == "" {
				t.Errorf("%s is empty", name)
			}
		}
	}
	if charts != 6 {
		t.Errorf("%d charts", charts)
	}
	for _, d := range append(find(n, "section"), find(n, "nav")...) {
		if by := ids[attr(d, "aria-labelledby")]; by == nil || by.Data != "h2" {
			t.Errorf("section %q has no heading", attr(d, "id"))
		}
	}
	for _, a := range find(n, "a") {
		if to, ok := strings.CutPrefix(attr(a, "href"), "#"); ok && ids[to] == nil {
			t.Errorf("a link to %q, which is not there", to)
		}
	}
	tables := find(n, "table")
	for _, table := range tables {
		caption := find(table, "caption")
		if len(caption) != 1 || textOf(caption[0]) == "" {
			t.Error("a table without caption")
		}
		for _, th := range find(table, "th") {
			if scope := attr(th, "scope"); scope != "col" && scope != "row" || textOf(th) == "" {
				t.Errorf("heading %q with scope %q", textOf(th), scope)
			}
		}
		for _, tr := range find(table, "tr") {
			if got, want := len(find(tr, "td"))+len(find(tr, "th")), len(find(find(table, "thead")[0], "th")); got != want {
				t.Errorf("%s: %d cells below %d headings", textOf(caption[0]), got, want)
			}
		}
	}
	if len(tables) < 10 {
		t.Errorf("%d tables", len(tables))
	}
}

// What people wrote stays text.
func TestPageEscapes(t *testing.T) {
	t.Parallel()
	hostile := `"><script>alert(1)</script><b onclick='x'>&{{.L}}` + "\u202e"
	r := row("s", time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t)))
	r.Ticket, r.Company, r.Queue, r.NumberName, r.Agent = 1, hostile, hostile, hostile, report.Person{ID: 4, Name: hostile}
	r.Paid = map[string]int{hostile: 2}
	r.Audited = &conversation.Audited{
		Outcome: hostile, Open: []string{hostile}, Corrections: []string{hostile},
		Overruled: &conversation.Overruled{Outcome: hostile, Reason: hostile, By: conversation.Agent{Name: hostile}},
	}
	o := november(t)
	o.Title = hostile
	o.TicketURL = `https://x/"onmouseover="alert(1)`
	n, text := parsed(t, build(o, r))
	if len(find(n, "script"))+len(find(n, "b")) != 0 || strings.Contains(text, "<script") {
		t.Error("words became elements")
	}
	for d := range n.Descendants() {
		for _, a := range d.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("words became the attribute %s of %s", a.Key, d.Data)
			}
		}
	}
	if !strings.Contains(textOf(find(n, "h1")[0]), `<script>alert(1)</script>`) {
		t.Errorf("the title became %q", textOf(find(n, "h1")[0]))
	}
	if strings.Contains(text, "\u202e") {
		t.Error("a sign that turns the text round")
	}
}

func TestPageShowsSoManyRows(t *testing.T) {
	t.Parallel()
	o := november(t)
	var rows []report.Row
	for i := range report.MostRows + 1 {
		rows = append(rows, row(fmt.Sprintf("s%05d", i), o.From.Add(time.Duration(i)*time.Minute)))
	}
	for n, capped := range map[int]bool{report.MostRows: false, report.MostRows + 1: true} {
		page, text := parsed(t, build(o, rows[:n]...))
		for _, s := range find(page, "section") {
			if attr(s, "id") != "conversations" {
				continue
			}
			if got := len(find(find(s, "tbody")[0], "tr")); got != report.MostRows {
				t.Errorf("%d of %d rows", got, n)
			}
		}
		if got := strings.Contains(text, "as primeiras 2.000 de 2.001 conversas"); got != capped {
			t.Errorf("of %d rows: says that some are left out: %v", n, got)
		}
	}
}

func TestEmptyPage(t *testing.T) {
	t.Parallel()
	for l, want := range map[settings.Language]string{settings.LanguagePT: "sem dados", settings.LanguageEN: "no data"} {
		o := november(t)
		o.Language = l
		n, text := parsed(t, build(o))
		if !strings.Contains(text, want) || len(find(n, "table")) != 0 || strings.Contains(text, "NaN") || strings.Contains(text, "%!") {
			t.Errorf("%s: an empty period does not say %q", l, want)
		}
		o.From, o.To, o.Now, o.Zone = time.Time{}, time.Time{}, time.Time{}, nil
		if _, text = parsed(t, build(o)); !strings.Contains(text, want) {
			t.Errorf("%s: a report of nothing at all does not say %q", l, want)
		}
	}
}

// A year is shown by weeks; their bars have all conversations.
func TestLongPeriodsGoByWeeks(t *testing.T) {
	t.Parallel()
	o := november(t)
	o.From = o.To.AddDate(0, -6, 0)
	rows := rowsOf(t, 300)
	for i := range rows {
		rows[i].Started = rows[i].Started.AddDate(0, -(i % 6), 0)
	}
	n, text := parsed(t, build(o, rows...))
	if !strings.Contains(text, "Evolução por semana") || strings.Contains(text, "Evolução por dia") {
		t.Error("it does not go by weeks")
	}
	for _, table := range find(n, "table") {
		if textOf(find(table, "caption")[0]) != "Evolução por semana" {
			continue
		}
		sum := 0
		for _, tr := range find(find(table, "tbody")[0], "tr") {
			v, err := strconv.Atoi(textOf(find(tr, "td")[0]))
			if err != nil {
				t.Fatal(err)
			}
			sum += v
		}
		if weeks := len(find(find(table, "tbody")[0], "tr")); sum != 300 || weeks != 27 {
			t.Errorf("%d weeks have %d of 300", weeks, sum)
		}
	}
}

// luminance is how bright a colour is.
//
// Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// Texts stand out from what is behind them by 4.5 to 1, lines of charts by 3 to 1, in light and in dark.
func TestContrast(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(data), "@media screen and (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("no dark colours")
	}
	dark, _, _ = strings.Cut(dark, "* {")
	pairs := []struct {
		ink, paper string
		least      float64
	}{
		{"ink", "paper", 4.5},
		{"soft", "paper", 4.5},
		{"soft", "stripe", 4.5},
		{"ink", "page", 4.5},
		{"soft", "page", 4.5},
		{"accent", "paper", 4.5},
		{"accent", "page", 4.5},
		{"accent", "stripe", 4.5},
		{"band-ink", "band", 4.5},
		{"hi", "h1", 4.5},
		{"hi", "h2", 4.5},
		{"hi", "h3", 4.5},
		{"hi-dark", "h4", 4.5},
		{"hi-dark", "h5", 4.5},
		{"edge", "paper", 3},
		{"l0", "paper", 3},
		{"l1", "paper", 3},
	}
	form := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`)
	for name, css := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range form.FindAllStringSubmatch(css, -1) {
			colours[m[1]] = m[2]
		}
		for _, p := range pairs {
			a, b := colours[p.ink], colours[p.paper]
			if a == "" || b == "" {
				t.Fatalf("%s: no colour %s or %s", name, p.ink, p.paper)
			}
			x, y := luminance(t, a), luminance(t, b)
			if ratio := (max(x, y) + 0.05) / (min(x, y) + 0.05); ratio < p.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, not %.1f", name, p.ink, p.paper, ratio, p.least)
			}
		}
	}
}
