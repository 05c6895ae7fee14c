package deploytest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const alertsFile = "deploy/prometheus/alerts.yaml"

// alerts is all rules of the file, by name.
func alerts(t *testing.T) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, group := range list(documents(t, alertsFile)[0], "groups") {
		for _, rule := range list(group, "rules") {
			name := word(rule, "alert")
			if all[name] != nil || name == "" {
				t.Errorf("%q is there twice, or has no name", name)
			}
			all[name] = rule
		}
	}
	if len(all) < 10 {
		t.Fatalf("%d alerts", len(all))
	}
	return all
}

func TestAlertsWatchWhatExists(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t)
	for name, rule := range alerts(t) {
		for _, w := range c.wrong(word(rule, "expr")) {
			t.Errorf("%s: %s", name, w)
		}
	}
}

var (
	aggregates = regexp.MustCompile(`\b(?:sum|max|min|count|avg|absent)\b`)
	template   = regexp.MustCompile(`\$labels\.([a-z_]+)`)
)

// untold lists the labels that a text wants and the expression's result lacks.
func untold(expr, text string) []string {
	have := scraped()
	if aggregates.MatchString(expr) {
		have = nil
		for _, by := range regexp.MustCompile(`\bby\s*\(([^)]*)\)`).FindAllStringSubmatch(expr, -1) {
			have = append(have, strings.Split(strings.ReplaceAll(by[1], " ", ""), ",")...)
		}
	}
	var wrong []string
	for _, found := range template.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(have, found[1]) {
			wrong = append(wrong, found[1])
		}
	}
	return wrong
}

func TestAlertsTellWhatToDo(t *testing.T) {
	t.Parallel()
	for name, rule := range alerts(t) {
		if s := word(rule, "labels", "severity"); s != "critical" && s != "warning" {
			t.Errorf("%s has the severity %q", name, s)
		}
		summary, runbook := word(rule, "annotations", "summary"), word(rule, "annotations", "runbook")
		if summary == "" || len(runbook) < 80 {
			t.Errorf("%s does not say what to do", name)
		}
		if !strings.HasSuffix(runbook, " See docs/operations.md, "+name+".") {
			t.Errorf("%s does not lead to its section", name)
		}
		for _, label := range untold(word(rule, "expr"), summary+runbook) {
			t.Errorf("%s tells the label %s, which is not there", name, label)
		}
	}
}

func TestCheckerFindsUntoldLabels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		expr, text string
		want       []string
	}{
		{"up == 0", "{{ $labels.instance }} {{ $labels.kind }}", []string{"kind"}},
		{"max(ponte_mailboxes) > 0", "{{ $value }} {{ $labels.instance }}", []string{"instance"}},
		{"sum by (peer, outcome) (a) > 0", "{{ $labels.peer }} {{ $labels.outcome }}", nil},
	} {
		if diff := cmp.Diff(tt.want, untold(tt.expr, tt.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.expr, diff)
		}
	}
}

// Every alert has a section on the operators' page, every such section is about an alert, and every alert is seen to fire.
func TestAlertsAreExplainedAndTried(t *testing.T) {
	t.Parallel()
	var names, explained []string
	for name := range alerts(t) {
		names = append(names, name)
	}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (Ponte[A-Z]\w*)$`).FindAllStringSubmatch(text(t, "docs/operations.md"), -1) {
		explained = append(explained, heading[1])
	}
	slices.Sort(names)
	slices.Sort(explained)
	if diff := cmp.Diff(names, explained); diff != "" {
		t.Errorf("sections of docs/operations.md (-alerts +sections):\n%s", diff)
	}
	tried := text(t, "deploy/prometheus/alerts_test.yaml")
	for _, name := range names {
		if !regexp.MustCompile(`alertname[=:] ?"?` + name + `\b`).MatchString(tried) {
			t.Errorf("nothing shows that %s fires", name)
		}
	}
}
