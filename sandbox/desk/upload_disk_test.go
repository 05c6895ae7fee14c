package desk_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func TestFilesNobodyUsedAreCleared(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	b.token("nunca.txt")
	kept := b.token("usado.txt")
	id := b.ticket(object{"comment": object{"body": "x", "uploads": []string{kept}}})
	stray := filepath.Join(dir, "files", "resto.part")
	if err := os.WriteFile(stray, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.pass(30 * time.Minute)
	b.restart(dir)
	if left := filesIn(t, dir); len(left) != 2 {
		t.Errorf("after half an hour: %v", left)
	}
	b.pass(31 * time.Minute)
	b.restart(dir)
	if left := filesIn(t, dir); len(left) != 1 {
		t.Errorf("after an hour: %v", left)
	}
	if got, err := b.desk.ReadFile(b.desk.Comments(id)[0].Files[0].ID); err != nil || string(got) != "x" {
		t.Errorf("the used file: %q, %v", got, err)
	}
	if err := b.desk.Reset(); err != nil {
		t.Fatal(err)
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("after a reset: %v", left)
	}
}

func TestTemporaryFilesGoWithTheDesk(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.restart("")
	link := b.upload("filename=a.txt", "text/plain", "x").want(201).text("upload", "attachment", "content_url")
	if w := b.download(link); w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
	for range 2 {
		if err := b.desk.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if w := b.download(link); w.Code != 404 {
		t.Errorf("status %d after Close", w.Code)
	}
}

func TestAnImpossibleFolderForFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.cfg.Dir = filepath.Join(file, "files")
	if _, err := desk.New(b.cfg); err == nil {
		t.Error("New went on without a folder for files")
	}
}

func TestADiskThatFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	if err := os.RemoveAll(filepath.Join(dir, "files")); err != nil {
		t.Fatal(err)
	}
	b.upload("filename=a.txt", "text/plain", "x").want(500).is("InternalError", "error")
	if err := os.Mkdir(filepath.Join(dir, "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.upload("filename=a.txt", "text/plain", "x").want(201)
}

func TestACallerWhoGivesUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v2/uploads?filename=a.txt", cut{strings.NewReader("metade")})
	r.Header.Set("Authorization", "Bearer "+desk.DemoToken)
	b.serve(b.desk.API(), r).want(400).is("InvalidBody", "error")
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}

// cut is a body that breaks off.
type cut struct{ *strings.Reader }

// Read implements io.Reader.
func (c cut) Read(p []byte) (int, error) {
	if c.Len() == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	return c.Reader.Read(p)
}
