package deploytest_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// catalogue is what expressions may name.
type catalogue struct {
	metrics    map[string][]string // with their labels
	histograms map[string]bool
	values     map[string]bool            // of labels: every text of the code
	shown      map[string]map[string]bool // values of the labels that an idle instance shows already, by metric and label
}

func newCatalogue(t *testing.T) catalogue {
	t.Helper()
	handler, metrics := product(t)
	s := readSource(t)
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	shown := map[string]map[string]bool{}
	for _, found := range series.FindAllStringSubmatch(rec.Body.String(), -1) {
		for _, m := range matcher.FindAllStringSubmatch(found[2], -1) {
			if of := found[1] + " " + m[1]; shown[of] == nil {
				shown[of] = map[string]bool{m[3]: true}
			} else {
				shown[of][m[3]] = true
			}
		}
	}
	if len(s.histograms) == 0 || len(metrics) < 20 || len(shown["ponte_mailboxes state"]) < 4 {
		t.Fatalf("%d metrics, %d histograms, shown %v", len(metrics), len(s.histograms), shown)
	}
	return catalogue{metrics, s.histograms, s.literals, shown}
}

// writes tells whether a metric may have a value of a label.
func (c catalogue) writes(name, label, value string) bool {
	if slices.Contains(scraped(), label) {
		return true
	}
	if shown := c.shown[name+" "+label]; shown != nil {
		return shown[value]
	}
	return c.values[value]
}

var (
	series   = regexp.MustCompile(`\b((?:ponte|go|process)_[a-z_]+|up)\b(?:\{([^}]*)\})?`)
	matcher  = regexp.MustCompile(`([a-z_]+)(=~|!~|!=|=)"([^"]*)"`)
	grouping = regexp.MustCompile(`\b(?:by|on|without|ignoring)\s*\(([^)]*)\)`)
)

// scraped is the labels that Prometheus itself adds.
func scraped() []string { return []string{"job", "instance"} }

// labels is the labels of a series; ok is false when nobody writes it.
func (c catalogue) labels(name string) (labels []string, ok bool) {
	if name == "up" {
		return scraped(), true
	}
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if base, cut := strings.CutSuffix(name, suffix); cut && c.histograms[base] {
			return append(slices.Concat(c.metrics[base], scraped()), "le"), true
		}
	}
	own, ok := c.metrics[name]
	return slices.Concat(own, scraped()), ok && !c.histograms[name]
}

// wrong lists what an expression names that is not there.
func (c catalogue) wrong(expr string) []string {
	var wrong, all []string
	for _, found := range series.FindAllStringSubmatch(expr, -1) {
		labels, ok := c.labels(found[1])
		if !ok {
			wrong = append(wrong, "no metric "+found[1])
			continue
		}
		all = append(all, labels...)
		for _, m := range matcher.FindAllStringSubmatch(found[2], -1) {
			if !slices.Contains(labels, m[1]) {
				wrong = append(wrong, found[1]+" has no label "+m[1])
			}
			for v := range strings.SplitSeq(m[3], "|") {
				if !c.writes(found[1], m[1], v) {
					wrong = append(wrong, found[1]+" never has "+m[1]+"="+v)
				}
			}
		}
	}
	if len(all) == 0 && len(wrong) == 0 {
		wrong = append(wrong, "no metric at all")
	}
	for _, found := range grouping.FindAllStringSubmatch(expr, -1) {
		for l := range strings.SplitSeq(found[1], ",") {
			if l = strings.TrimSpace(l); l != "" && !slices.Contains(all, l) {
				wrong = append(wrong, "nothing has the label "+l)
			}
		}
	}
	return wrong
}

func TestCheckerFindsWrongExpressions(t *testing.T) {
	t.Parallel()
	c := catalogue{
		map[string][]string{"ponte_a_total": {"peer", "outcome"}, "ponte_b_seconds": {"kind"}, "ponte_c": nil, "ponte_d": {"state"}},
		map[string]bool{"ponte_b_seconds": true},
		map[string]bool{"accepted": true, "own": true},
		map[string]map[string]bool{"ponte_d state": {"due": true}},
	}
	for expr, want := range map[string][]string{
		`sum by (peer) (rate(ponte_a_total{job="x",outcome=~"accepted|own"}[5m])) > 0`:  nil,
		`histogram_quantile(0.9, sum by (kind, le) (rate(ponte_b_seconds_bucket[5m])))`: nil,
		`up{job="ponte"} == 1 unless on (job, instance) ponte_c`:                        nil,
		`rate(ponte_a[5m])`:                           {"no metric ponte_a"},
		`rate(ponte_a_total_bucket[5m])`:              {"no metric ponte_a_total_bucket"},
		`rate(ponte_b_seconds[5m])`:                   {"no metric ponte_b_seconds"},
		`ponte_d{state=~"due|own"}`:                   {"ponte_d never has state=own"},
		`ponte_a_total{state="own"}`:                  {"ponte_a_total has no label state"},
		`ponte_a_total{outcome=~"own|acepted"}`:       {"ponte_a_total never has outcome=acepted"},
		`sum by (kind) (ponte_a_total)`:               {"nothing has the label kind"},
		`sum(ponte_c) by (le)`:                        {"nothing has the label le"},
		`vector(1)`:                                   {"no metric at all"},
		`process_nothing{job="a"} + go_nothing > 400`: {"no metric process_nothing", "no metric go_nothing"},
	} {
		if diff := cmp.Diff(want, c.wrong(expr)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", expr, diff)
		}
	}
}

func TestDashboardShowsWhatExists(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t)
	all := documents(t, "deploy/grafana/ponte.json")
	panels := list(all[0], "panels")
	if len(panels) < 20 {
		t.Errorf("%d panels", len(panels))
	}
	titles, ids := map[string]bool{}, map[int]bool{}
	for _, p := range panels {
		title, id := word(p, "title"), number(p, "id")
		if titles[title] || ids[id] {
			t.Errorf("%s (%d) is there twice", title, id)
		}
		titles[title], ids[id] = true, true
		if right := number(p, "gridPos", "x") + number(p, "gridPos", "w"); right > 24 {
			t.Errorf("%s stands out to column %d", title, right)
		}
		if word(p, "type") == "row" {
			continue
		}
		if word(p, "description") == "" || len(list(p, "targets")) == 0 {
			t.Errorf("%s says and shows nothing", title)
		}
		for _, target := range list(p, "targets") {
			for _, w := range c.wrong(word(target, "expr")) {
				t.Errorf("%s: %s", title, w)
			}
		}
	}
	for _, v := range list(all[0], "templating", "list") {
		if word(v, "type") != "query" {
			continue
		}
		query := regexp.MustCompile(`^label_values\((.*), ([a-z_]+)\)$`).FindStringSubmatch(word(v, "query", "query"))
		if query == nil {
			t.Errorf("%s is filled with %s", word(v, "name"), word(v, "query", "query"))
			continue
		}
		for _, w := range c.wrong("sum by (" + query[2] + ") (" + query[1] + ")") {
			t.Errorf("%s: %s", word(v, "name"), w)
		}
	}
}

// No two panels cover each other.
func TestDashboardPanelsLieApart(t *testing.T) {
	t.Parallel()
	panels := list(documents(t, "deploy/grafana/ponte.json")[0], "panels")
	cells := map[[2]int]string{}
	for _, p := range panels {
		x, y := number(p, "gridPos", "x"), number(p, "gridPos", "y")
		for i := range number(p, "gridPos", "w") {
			for j := range number(p, "gridPos", "h") {
				cell := [2]int{x + i, y + j}
				if other, taken := cells[cell]; taken {
					t.Fatalf("%s lies on %s", word(p, "title"), other)
				}
				cells[cell] = word(p, "title")
			}
		}
	}
}
