package deploytest_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// instruction is one line of a Dockerfile, continued lines joined.
type instruction struct{ verb, rest string }

func instructions(file string) []instruction {
	var all []instruction
	line := ""
	for next := range strings.Lines(file) {
		next = strings.TrimSpace(next)
		if next == "" || strings.HasPrefix(next, "#") {
			continue
		}
		more, continued := strings.CutSuffix(next, `\`)
		line += more
		if continued {
			continue
		}
		verb, rest, _ := strings.Cut(line, " ")
		all, line = append(all, instruction{strings.ToUpper(verb), strings.TrimSpace(rest)}), ""
	}
	return all
}

// stage is the instructions of the last stage, and what all stages are made from.
func stage(all []instruction) (last []instruction, from []string) {
	for _, i := range all {
		if i.verb == "FROM" {
			last = nil
			words := slices.DeleteFunc(strings.Fields(i.rest), func(w string) bool { return strings.HasPrefix(w, "--") })
			from = append(from, words[0])
		}
		last = append(last, i)
	}
	return last, from
}

// one is the only instruction of a verb.
func one(t *testing.T, all []instruction, verb string) string {
	t.Helper()
	var found []string
	for _, i := range all {
		if i.verb == verb {
			found = append(found, i.rest)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d times %s", len(found), verb)
	}
	return found[0]
}

// exec reads the form of a command that needs no shell: the image has none.
func exec(t *testing.T, command string) []string {
	t.Helper()
	var args []string
	if err := json.Unmarshal([]byte(command), &args); err != nil {
		t.Fatalf("%s is run by a shell: %v", command, err)
	}
	return args
}

// harmless tells whether a user is not root, and written as numbers: Kubernetes can't tell by a name.
func harmless(user string) bool {
	name, group, _ := strings.Cut(user, ":")
	uid, err := strconv.Atoi(name)
	gid, groupErr := strconv.Atoi(group)
	return err == nil && groupErr == nil && uid > 0 && gid > 0
}

func TestCheckerKnowsRoot(t *testing.T) {
	t.Parallel()
	for user, want := range map[string]bool{"65532:65532": true, "0:0": false, "0": false, "65532": false, "root": false, "ponte:ponte": false, "1:0": false} {
		if got := harmless(user); got != want {
			t.Errorf("harmless(%q) = %v", user, got)
		}
	}
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	all := instructions(text(t, "Dockerfile"))
	last, from := stage(all)
	if from[len(from)-1] != "scratch" {
		t.Errorf("the image is made from %s", from[len(from)-1])
	}
	for _, image := range from {
		if registry(image) {
			t.Errorf("%s names a registry", image)
		}
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(text(t, "go.mod"))
	if !slices.Contains(from, "golang:"+version[1]) {
		t.Errorf("built with %s, go.mod wants %s", from, version[1])
	}
	if user := one(t, last, "USER"); !harmless(user) {
		t.Errorf("runs as %q", user)
	}
	binary := "/usr/local/bin/ponte"
	if diff := cmp.Diff([]string{binary}, exec(t, one(t, last, "ENTRYPOINT"))); diff != "" {
		t.Errorf("entry point (-want +got):\n%s", diff)
	}
	if command := exec(t, one(t, last, "CMD")); len(command) != 1 || !slices.Contains(commands(t), command[0]) {
		t.Errorf("no command: %v", command)
	}
	_, probe, _ := strings.Cut(one(t, last, "HEALTHCHECK"), "CMD ")
	if args := exec(t, probe); len(args) != 2 || args[0] != binary || !slices.Contains(commands(t), args[1]) {
		t.Errorf("probe %v", args)
	}
	env := one(t, last, "ENV")
	addr := regexp.MustCompile(`PONTE_HTTP_ADDR=:(\d+)`).FindStringSubmatch(env)
	if addr == nil || one(t, last, "EXPOSE") != addr[1] {
		t.Errorf("exposed is another port than that of %s", env)
	}
}

func TestDockerfileBuild(t *testing.T) {
	t.Parallel()
	file := text(t, "Dockerfile")
	for _, want := range []string{
		"npm ci", "npm run build", "COPY --from=app /src/app/dist/web app/dist/web", "CGO_ENABLED=0", "-trimpath", "./cmd/ponte", "ARG VERSION", `image.version="${VERSION}"`, "/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
	} {
		if !strings.Contains(file, want) {
			t.Errorf("the Dockerfile lacks %q", want)
		}
	}
	for _, never := range []string{"ADD ", "curl", "wget", "apt-get"} {
		if strings.Contains(file, never) {
			t.Errorf("the Dockerfile holds %q", never)
		}
	}
}

// ignored tells whether a pattern of a .dockerignore leaves a path out. Exceptions are not understood, and not used.
func ignored(patterns []string, name string) bool {
	for part := name; part != "."; part = path.Dir(part) {
		for _, p := range patterns {
			anywhere, deep := strings.CutPrefix(p, "**/")
			subject := part
			if deep {
				p, subject = anywhere, path.Base(part)
			}
			if ok, err := path.Match(p, subject); ok && err == nil {
				return true
			}
		}
	}
	return false
}

func patterns(t *testing.T) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(text(t, ".dockerignore")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "!") {
			t.Fatalf("%s: exceptions are not understood here", line)
		}
		if line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

func TestDockerignore(t *testing.T) {
	t.Parallel()
	leave := patterns(t)
	for _, name := range []string{
		".git/config", ".ponte/redis/appendonlydir/a", "deploy/secrets/redis_url", "deploy/.env", "bin/ponte", "bridge/engine_test.go", "internal/app/testdata/x", "app/dist/web/sidebar.html",
	} {
		if !ignored(leave, name) {
			t.Errorf("%s gets into the build", name)
		}
	}
	kept := 0
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == "app/dist/web" { // built in the image
			return fs.SkipDir
		}
		if d.IsDir() && (name != "." && strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "node_modules", "bin", "deploy", "docs", "scripts"}, d.Name())) {
			return fs.SkipDir
		}
		if d.IsDir() || strings.HasSuffix(name, "_test.go") || !slices.Contains([]string{".go", ".lua", ".css", ".html", ".js", ".yaml", ".mod", ".sum"}, filepath.Ext(name)) {
			return nil
		}
		kept++
		if ignored(leave, name) {
			t.Errorf("%s is missing in the build", name)
		}
		return nil
	})
	if err != nil || kept < 100 {
		t.Errorf("%d files of the build: %v", kept, err)
	}
}
