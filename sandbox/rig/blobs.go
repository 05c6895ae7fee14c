package rig

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// partial ends the names of files that are still being written.
const partial = ".part"

// Blobs keeps files that are too large for a Store, each under an id. A file is there whole or not at all.
type Blobs struct {
	root *os.Root // nil in memory only

	mu  sync.Mutex
	mem map[string][]byte
}

// OpenBlobs opens or creates the folder <dir>/<name> and removes what was not written to its end. An empty dir keeps
// everything in memory only.
func OpenBlobs(dir, name string) (*Blobs, error) {
	b := &Blobs{mem: map[string][]byte{}}
	if dir == "" {
		return b, nil
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	b.root = root
	err = b.remove(func(name string) bool { return strings.HasSuffix(name, partial) })
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w", errors.Join(err, root.Close()))
	}
	return b, nil
}

// Save copies r to its end into the file id, replacing what was there, without holding it in memory, and returns its
// size. When r or the disk fails nothing is kept.
func (b *Blobs) Save(id string, r io.Reader) (int64, error) {
	if b.root == nil {
		return b.remember(id, r)
	}
	f, err := b.root.OpenFile(id+partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, fmt.Errorf("save blob: %w", err)
	}
	n, err := io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err == nil {
		err = b.root.Rename(id+partial, id)
	}
	if err != nil {
		return n, fmt.Errorf("save blob: %w", errors.Join(err, b.root.Remove(id+partial)))
	}
	return n, nil
}

func (b *Blobs) remember(id string, r io.Reader) (int64, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return int64(len(body)), fmt.Errorf("save blob: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mem[id] = body
	return int64(len(body)), nil
}

// memoryFile is a file that is kept in memory.
type memoryFile struct{ *bytes.Reader }

// Close implements io.Closer.
func (memoryFile) Close() error { return nil }

// Open returns the file id; the caller closes it. A missing one is os.ErrNotExist.
func (b *Blobs) Open(id string) (io.ReadSeekCloser, error) {
	if b.root != nil {
		f, err := b.root.Open(id)
		if err != nil {
			return nil, fmt.Errorf("open blob: %w", err)
		}
		return f, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	body, ok := b.mem[id]
	if !ok {
		return nil, fmt.Errorf("open blob: %w", os.ErrNotExist)
	}
	return memoryFile{bytes.NewReader(body)}, nil
}

// Delete removes the file id; nothing there is no error.
func (b *Blobs) Delete(id string) error {
	if b.root == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.mem, id)
		return nil
	}
	if err := b.root.Remove(id); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// Reset removes everything.
func (b *Blobs) Reset() error {
	if b.root == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		clear(b.mem)
		return nil
	}
	if err := b.remove(func(string) bool { return true }); err != nil {
		return fmt.Errorf("reset blobs: %w", err)
	}
	return nil
}

func (b *Blobs) remove(which func(name string) bool) error {
	dir, err := b.root.Open(".")
	if err != nil {
		return err
	}
	names, err := dir.Readdirnames(-1)
	errs := []error{err, dir.Close()}
	for _, name := range names {
		if which(name) {
			errs = append(errs, b.root.Remove(name))
		}
	}
	return errors.Join(errs...)
}

// Close frees the folder; files that are open can be read on. Closing twice is fine.
func (b *Blobs) Close() error {
	if b.root == nil {
		return nil
	}
	if err := b.root.Close(); err != nil {
		return fmt.Errorf("close blobs: %w", err)
	}
	return nil
}
