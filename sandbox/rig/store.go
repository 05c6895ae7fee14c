package rig

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// ErrClosed is returned by the writes of a closed store.
var ErrClosed = errors.New("store is closed")

// errNull is why a value without content is refused: a null marks a deletion in the file.
var errNull = errors.New("a stored value must not be null")

// Store keeps a peer's entities, each written to its file before Put returns.
//
// The file holds one JSON object a line, {"k":kind,"i":id,"v":value}, where a null value deletes; each is handed over
// in one write, so that a killed process leaves at most one cut line, which the next OpenStore ignores.
type Store struct {
	path string // "" in memory only

	mu     sync.Mutex
	file   *os.File
	size   int64
	closed bool
	seq    int
	kinds  map[string]map[string]entity
}

type entity struct {
	seq int
	raw json.RawMessage
}

type line struct {
	Kind  string          `json:"k"`
	ID    string          `json:"i"`
	Value json.RawMessage `json:"v"`
}

// OpenStore opens or creates <dir>/<name>.jsonl, loads it and writes it anew without what is no longer valid. An empty
// dir keeps everything in memory only. An unreadable line that is not the last one is an error.
func OpenStore(dir, name string) (*Store, error) {
	s := &Store{kinds: map[string]map[string]entity{}}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.path = filepath.Join(dir, name+".jsonl")
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open store %s: %w", s.path, err)
	}
	if err := s.compact(); err != nil {
		return nil, fmt.Errorf("open store %s: %w", s.path, err)
	}
	return s, nil
}

func (s *Store) load() error {
	f, err := os.Open(s.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil // what stands after the last newline was cut
		}
		if err != nil {
			return err
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		s.apply(l)
	}
}

// compact writes the living entities to a new file and puts it in the old one's place.
func (s *Store) compact() error {
	var all []entity
	lines := map[int]line{}
	for kind, ids := range s.kinds {
		for id, e := range ids {
			all = append(all, e)
			lines[e.seq] = line{Kind: kind, ID: id, Value: e.raw}
		}
	}
	slices.SortFunc(all, func(a, b entity) int { return a.seq - b.seq })
	var buf bytes.Buffer
	for _, e := range all {
		text, err := json.Marshal(lines[e.seq])
		if err != nil {
			return err
		}
		buf.Write(append(text, '\n'))
	}
	tmp := s.path + ".new"
	if err := os.WriteFile(tmp, buf.Bytes(), 0o600); err != nil {
		return err
	}
	if err := os.Rename(tmp, s.path); err != nil {
		return err
	}
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	s.file, s.size = f, int64(buf.Len())
	return nil
}

// Put stores v, JSON-encoded, under kind and id, replacing what was there.
func (s *Store) Put(kind, id string, v any) error {
	raw, err := json.Marshal(v)
	if err == nil && string(raw) == "null" {
		err = errNull
	}
	if err != nil {
		return fmt.Errorf("put %s: %w", kind, err)
	}
	return s.write(line{Kind: kind, ID: id, Value: raw})
}

// Delete removes what is stored under kind and id; nothing there is no error.
func (s *Store) Delete(kind, id string) error {
	return s.write(line{Kind: kind, ID: id, Value: json.RawMessage("null")})
}

func (s *Store) write(l line) error {
	text, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("store %s: %w", l.Kind, err)
	}
	text = append(text, '\n')
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("store %s: %w", l.Kind, ErrClosed)
	}
	if s.file != nil {
		if _, err := s.file.Write(text); err != nil {
			return fmt.Errorf("store %s: %w", l.Kind, errors.Join(err, s.file.Truncate(s.size)))
		}
		s.size += int64(len(text))
	}
	s.apply(l)
	return nil
}

func (s *Store) apply(l line) {
	if len(l.Value) == 0 || string(l.Value) == "null" {
		delete(s.kinds[l.Kind], l.ID)
		return
	}
	ids := s.kinds[l.Kind]
	if ids == nil {
		ids = map[string]entity{}
		s.kinds[l.Kind] = ids
	}
	e, ok := ids[l.ID]
	if !ok {
		s.seq++
		e.seq = s.seq
	}
	e.raw = l.Value
	ids[l.ID] = e
}

// Each calls fn for every entity of kind, in the order of their first Put, and stops at fn's first error, which it
// returns. It works on what was stored when it was called, so that fn may write; raw must not be changed.
func (s *Store) Each(kind string, fn func(id string, raw json.RawMessage) error) error {
	type item struct {
		id string
		e  entity
	}
	s.mu.Lock()
	items := make([]item, 0, len(s.kinds[kind]))
	for id, e := range s.kinds[kind] {
		items = append(items, item{id, e})
	}
	s.mu.Unlock()
	slices.SortFunc(items, func(a, b item) int { return a.e.seq - b.e.seq })
	for _, it := range items {
		if err := fn(it.id, it.e.raw); err != nil {
			return err
		}
	}
	return nil
}

// Reset removes everything.
func (s *Store) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("reset store: %w", ErrClosed)
	}
	if s.file != nil {
		if err := s.file.Truncate(0); err != nil {
			return fmt.Errorf("reset store: %w", err)
		}
		s.size = 0
	}
	s.kinds = map[string]map[string]entity{}
	return nil
}

// Close closes the file; later writes fail with ErrClosed. Closing twice is fine.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.file == nil {
		return nil
	}
	if err := s.file.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}
