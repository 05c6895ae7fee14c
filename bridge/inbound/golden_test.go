package inbound_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// What every recorded webhook leaves behind, as people would see it.
func TestCorpusGolden(t *testing.T) {
	t.Parallel()
	files := corpus(t)
	if files == nil {
		return
	}
	var got strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		got.WriteString("# " + name + "\n" + shown(t, string(files[name]), false, nil) + "\n")
	}
	path := filepath.Join("testdata", "corpus.golden.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("run with -update after reading (-want +got):\n%s", diff)
	}
}
