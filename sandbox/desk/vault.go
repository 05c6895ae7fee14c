package desk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// vault keeps files on disk, each under a key of its own, and never one in memory. Without a folder it makes a temporary
// one for the first file.
type vault struct {
	mu   sync.Mutex
	dir  string
	temp bool
}

// openVault returns a vault in dir; "" is a temporary folder that close removes.
func openVault(dir string) (*vault, error) {
	if dir == "" {
		return &vault{temp: true}, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	return &vault{dir: dir}, nil
}

// folder returns where the files lie.
func (v *vault) folder() (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.dir != "" {
		return v.dir, nil
	}
	dir, err := os.MkdirTemp("", "desk-files-")
	if err != nil {
		return "", fmt.Errorf("make a folder for files: %w", err)
	}
	v.dir = dir
	return dir, nil
}

// take stores what r holds and returns its key and size. A reader that fails leaves nothing behind.
func (v *vault) take(r io.Reader) (key string, size int64, err error) {
	dir, err := v.folder()
	if err != nil {
		return "", 0, err
	}
	key = rand.Text()
	name := filepath.Join(dir, key)
	f, err := os.OpenFile(name+".part", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, fmt.Errorf("store a file: %w", err)
	}
	size, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, errors.Join(fmt.Errorf("store a file: %w", err), os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return "", 0, fmt.Errorf("store a file: %w", err)
	}
	return key, size, nil
}

// errKey is why a key that leads out of the folder is refused.
var errKey = errors.New("not a key")

// place returns where a key's file lies.
func (v *vault) place(key string) (string, error) {
	if !filepath.IsLocal(key) || filepath.Base(key) != key || key == "." {
		return "", errKey
	}
	dir, err := v.folder()
	return filepath.Join(dir, key), err
}

// open returns a stored file.
func (v *vault) open(key string) (*os.File, error) {
	name, err := v.place(key)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return f, nil
}

// remove forgets a file; none there is no error.
func (v *vault) remove(key string) error {
	if key == "" {
		return nil
	}
	name, err := v.place(key)
	if err != nil {
		return fmt.Errorf("remove a file: %w", err)
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}

// keep removes every file whose key is not in known: what a stopped process left.
func (v *vault) keep(known map[string]bool) error {
	v.mu.Lock()
	dir := v.dir
	v.mu.Unlock()
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, e := range entries {
		if known[e.Name()] || e.IsDir() {
			continue
		}
		if err := v.remove(e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// close removes a temporary folder with all its files.
func (v *vault) close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.temp || v.dir == "" {
		return nil
	}
	dir := v.dir
	v.dir = ""
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove files: %w", err)
	}
	return nil
}
