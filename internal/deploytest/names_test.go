package deploytest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var variableName = regexp.MustCompile(`\bPONTE_[A-Z0-9][A-Z0-9_]*`)

// strangeVariables lists what is named as a variable of Ponte and is none.
func strangeVariables(in string, known map[string]bool) []string {
	var wrong []string
	for _, name := range variableName.FindAllString(in, -1) {
		plain := strings.TrimSuffix(name, "_FILE")
		if _, ok := known[plain]; !ok {
			wrong = append(wrong, name)
		}
	}
	return wrong
}

func TestVariablesExist(t *testing.T) {
	t.Parallel()
	for _, name := range deployed(t) {
		for _, variable := range strangeVariables(text(t, name), variables()) {
			t.Errorf("%s names %s, which is no variable", name, variable)
		}
	}
}

func TestCheckerFindsStrangeVariables(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"PONTE_HTTP_ADDR": false, "PONTE_API_SECRET": true}
	got := strangeVariables("PONTE_HTTP_ADDR=1 PONTE_HTTP_ADR=2 ${PONTE_API_SECRET_FILE:-} PONTE_REDIS PONTE_… XPONTE_A", known)
	if diff := cmp.Diff([]string{"PONTE_HTTP_ADR", "PONTE_REDIS"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

var (
	called    = regexp.MustCompile("(?:^|[`\\s(/])(?:ponte )*ponte ([a-z]+)")
	metric    = regexp.MustCompile(`\bponte_[a-z_]+`)
	link      = regexp.MustCompile(`\]\(([^)#]*)(#[^)]*)?\)`)
	codeSpans = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")
)

// named lists the subcommands of ponte that a page names in its code.
func named(page string) []string {
	var all []string
	for _, span := range codeSpans.FindAllString(page, -1) {
		span = strings.ReplaceAll(span, "-n ponte ", "") // a namespace called as the command
		for _, found := range called.FindAllStringSubmatch(span, -1) {
			all = append(all, found[1])
		}
	}
	return all
}

func TestCheckerFindsNamedCommands(t *testing.T) {
	t.Parallel()
	got := named("the ponte bridge, `ponte dead list`, `a ponte_x`\n```\ndocker compose exec ponte ponte contact export ID\n  bin/ponte serve\n```")
	if diff := cmp.Diff([]string{"dead", "contact", "serve"}, got); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestOperatorsPage(t *testing.T) {
	t.Parallel()
	const name = "docs/operations.md"
	page := text(t, name)
	_, metrics := product(t)
	for _, m := range metric.FindAllString(page, -1) {
		if _, ok := metrics[m]; !ok {
			t.Errorf("%s names the metric %s, which does not exist", name, m)
		}
	}
	known := commands(t)
	for _, c := range named(page) {
		if !slices.Contains(known, c) {
			t.Errorf("%s names `ponte %s`, which does not exist", name, c)
		}
	}
	for _, l := range link.FindAllStringSubmatch(page, -1) {
		if l[1] == "" || strings.Contains(l[1], "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, "docs", l[1])); err != nil {
			t.Errorf("%s links to %s: %v", name, l[1], err)
		}
	}
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		anchors["#"+anchor(heading[1])] = true
	}
	for _, l := range link.FindAllStringSubmatch(page, -1) {
		if l[1] == "" && !anchors[l[2]] {
			t.Errorf("%s links to %s, and has no such heading", name, l[2])
		}
	}
}

// anchor is how pages name a heading.
func anchor(heading string) string {
	heading = strings.ToLower(strings.NewReplacer("`", "", ",", "", ".", "", "/", "", ":", "").Replace(heading))
	return strings.ReplaceAll(heading, " ", "-")
}

// registry tells whether the name of an image names the host of a registry.
func registry(image string) bool {
	host, _, more := strings.Cut(image, "/")
	return more && (strings.ContainsAny(host, ".:") || host == "localhost")
}

func TestImagesNameNoRegistry(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`(?m)^\s*(?:-\s+)?(?:image|newName):\s*(\S+)`)
	seen := 0
	for _, name := range files(t, "deploy") {
		for _, found := range form.FindAllStringSubmatch(text(t, name), -1) {
			seen++
			if registry(found[1]) {
				t.Errorf("%s: the image %s names a registry", name, found[1])
			}
			if strings.HasSuffix(found[1], ":latest") || strings.HasPrefix(found[1], "redis") && !strings.Contains(found[1], ":") {
				t.Errorf("%s: the image %s has no version", name, found[1])
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d images were found", seen)
	}
}

func TestCheckerKnowsRegistries(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]bool{
		"redis:7.4": false, "valkey/valkey:8": false, "gcr.io/distroless/static": true, "localhost/ponte": true, "host:5000/ponte": true,
	} {
		if got := registry(image); got != want {
			t.Errorf("registry(%q) = %v", image, got)
		}
	}
}
