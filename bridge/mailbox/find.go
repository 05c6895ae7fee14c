package mailbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Mailboxes are found by texts that their commits write: each partition has one set of them, a text and the mailbox's key in each member.
// A search goes through all of them. That takes no more of Redis than the members, and is quick enough for what people search.

// FindChange replaces the text by which a mailbox is found; "" is none. Texts hold no zero byte.
type FindChange struct {
	Before, After string
}

// findSplit stands between text and key in a member.
const findSplit = "\x00"

// foundMember is the member of a mailbox with a text.
func foundMember(text, key string) string { return text + findSplit + key }

// findStep is how many members Redis looks at before it serves others.
const findStep = 2000

// Find lists mailboxes whose text holds part and is accepted by match, each once, at most so many; more tells that there may be others.
// match is asked for texts alone, never for keys.
func (s *Store) Find(ctx context.Context, part string, match func(text string) bool, most int) (keys []string, more bool, err error) {
	pattern := "*" + unglob(part) + "*" + findSplit + "*"
	found := map[string]bool{}
	scans := make([]*findScan, s.cfg.Partitions)
	for p := range scans {
		scans[p] = &findScan{name: s.keys.find(p)}
	}
	for len(scans) > 0 {
		pipe := s.client.Pipeline()
		for _, scan := range scans {
			scan.read = pipe.SScan(ctx, scan.name, scan.cursor, pattern, findStep)
		}
		if err := all(ctx, pipe, len(scans)); err != nil {
			return nil, false, fmt.Errorf("mailbox: search: %w", err)
		}
		for _, scan := range scans {
			for _, member := range scan.take() {
				text, key, ok := strings.Cut(member, findSplit)
				if ok && !found[key] && match(text) {
					if len(keys) == most {
						return keys, true, nil
					}
					found[key] = true
					keys = append(keys, key)
				}
			}
		}
		scans = slices.DeleteFunc(scans, func(scan *findScan) bool { return scan.cursor == 0 })
	}
	return keys, false, nil
}

// findScan goes through one partition's texts.
type findScan struct {
	name   string
	cursor uint64
	read   *redis.ScanCmd
}

// take is what was read; the cursor is set on what comes next.
func (s *findScan) take() []string {
	members, next := s.read.Val()
	s.cursor = next
	return members
}

// unglob lets the signs of patterns stand for themselves.
func unglob(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(`*?[]^-\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
