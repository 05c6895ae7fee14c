package mailbox

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// Changes is what changed in mailboxes since a cursor.
type Changes struct {
	// Keys are the mailboxes whose state was committed, forgotten ones included, each once: in the order of their partitions and in each in
	// that of the changes. What they hold now is to be read from them.
	Keys []string
	// Cursor is where the next call goes on.
	Cursor string
	// Reset says that it can't be told what changed, and Keys is empty: the cursor is none of this installation's, or of a time that the
	// store knows nothing of (it was emptied, or lost its newest writes), or too much changed since. Read everything, then go on from Cursor.
	Reset bool
}

const (
	// MaxChanges is how many changed mailboxes are told at most; of more it is cheaper to read everything.
	MaxChanges = 2000
	// mostGone is how many forgotten mailboxes of a partition are remembered; commit.lua keeps so many.
	mostGone = 256
)

// Cursor is where Changes goes on from now: what is read of mailboxes after this call is never older than it.
func (s *Store) Cursor(ctx context.Context) (string, error) {
	now, err := s.sequences(ctx)
	if err != nil {
		return "", err
	}
	return now.String(), nil
}

// Changes tells which mailboxes changed since a cursor; one round trip when none did, two otherwise. A cursor that makes no sense is no
// error but a Reset.
//
// There is no gap. A commit counts the partition's sequence up and puts the mailbox at the new number of {wP}:chg (or of {wP}:gone, where
// it forgets it) in one step, so that whoever reads a sequence n finds every commit up to n done. The sequences are read first and the
// places after them; a mailbox's place only ever moves on to a higher number. A commit up to the sequence read therefore shows in the places
// read later, unless the mailbox was committed or forgotten again, which shows in its stead. One after the sequence read shows as well, or
// else has a higher number than the cursor returned, which is the higher one of the sequence and of the places read: the places of a
// partition are read at one moment, so that none below is missing. What the caller reads of the mailbox after this call is as new as the
// change, or newer.
func (s *Store) Changes(ctx context.Context, cursor string) (Changes, error) {
	now, err := s.sequences(ctx)
	if err != nil {
		return Changes{}, err
	}
	reset := Changes{Cursor: now.String(), Reset: true}
	from, err := parseVector(cursor)
	if err != nil || !from.reaches(now) {
		return reset, nil //nolint:nilerr // what can't be read of a cursor is not known to change
	}
	var behind []int
	for p := range now {
		if from[p] < now[p] {
			behind = append(behind, p)
		}
	}
	if len(behind) == 0 {
		return Changes{Cursor: cursor}, nil
	}
	moved, gone, err := s.places(ctx, from, behind)
	if err != nil {
		return Changes{}, err
	}
	var keys []string
	for i, p := range behind {
		fresh, lost := moved[i].Val(), gone[i].Val()
		if len(lost) == mostGone || len(keys)+len(fresh)+len(lost) > MaxChanges {
			return reset, nil // of more that were forgotten some are not known any more
		}
		keys = append(keys, told(fresh, lost)...)
		now[p] = max(now[p], newest(fresh), newest(lost))
	}
	return Changes{Keys: keys, Cursor: now.String()}, nil
}

// sequences reads the newest sequence of every partition.
func (s *Store) sequences(ctx context.Context) (vector, error) {
	pipe := s.client.Pipeline()
	reads := make([]*redis.StringCmd, s.cfg.Partitions)
	for p := range reads {
		reads[p] = pipe.Get(ctx, s.keys.counter(p))
	}
	_, _ = pipe.Exec(ctx) // each command tells its own error
	now := make(vector, len(reads))
	for p, r := range reads {
		n, err := r.Uint64()
		if err != nil && !errors.Is(err, redis.Nil) { // nothing was committed there yet
			return nil, fmt.Errorf("mailbox: read the changes' sequences: %w", err)
		}
		now[p] = n
	}
	return now, nil
}

// places reads the mailboxes of partitions that have a place after that of the cursor, those that were forgotten apart.
func (s *Store) places(ctx context.Context, from vector, partitions []int) (moved, gone []*redis.ZSliceCmd, err error) {
	pipe := s.client.Pipeline()
	for _, p := range partitions {
		after := &redis.ZRangeBy{Min: "(" + strconv.FormatUint(from[p], 10), Max: "+inf", Count: MaxChanges + 1}
		moved = append(moved, pipe.ZRangeByScoreWithScores(ctx, s.keys.changes(p), after))
		gone = append(gone, pipe.ZRangeByScoreWithScores(ctx, s.keys.gone(p), after))
	}
	if err := all(ctx, pipe, 2*len(partitions)); err != nil {
		return nil, nil, fmt.Errorf("mailbox: read changes: %w", err)
	}
	return moved, gone, nil
}

// told joins the mailboxes that changed and those that were forgotten, each once.
func told(fresh, lost []redis.Z) []string {
	keys := make([]string, 0, len(fresh)+len(lost))
	have := make(map[string]bool, cap(keys))
	all := slices.Concat(fresh, lost)
	slices.SortFunc(all, func(a, b redis.Z) int { return cmp.Compare(a.Score, b.Score) })
	for _, z := range all {
		if key, ok := z.Member.(string); ok && !have[key] {
			have[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// newest is the highest place of a list in order, 0 when it is empty.
func newest(list []redis.Z) uint64 {
	if len(list) == 0 {
		return 0
	}
	return uint64(list[len(list)-1].Score)
}

// vector is a sequence for each partition.
type vector []uint64

// cursorVersion begins every cursor, so that a later form can be told from this one.
const cursorVersion = 1

// String is the vector as a cursor: short, and of letters that stand in a URL and in a header.
func (v vector) String() string {
	raw := make([]byte, 1, 1+4*len(v))
	raw[0] = cursorVersion
	for _, n := range v {
		raw = binary.AppendUvarint(raw, n)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// errNoCursor says that a text is no cursor.
var errNoCursor = errors.New("mailbox: no cursor of changes")

// mostCursor is the longest text that is looked at.
const mostCursor = 64 << 10

func parseVector(cursor string) (vector, error) {
	if len(cursor) > mostCursor {
		return nil, errNoCursor
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) == 0 || raw[0] != cursorVersion {
		return nil, errNoCursor
	}
	var v vector
	for raw = raw[1:]; len(raw) > 0; {
		n, size := binary.Uvarint(raw)
		if size <= 0 || n > math.MaxInt64 {
			return nil, errNoCursor
		}
		v, raw = append(v, n), raw[size:]
	}
	return v, nil
}

// reaches tells whether a cursor can be told from: it is of as many partitions, and of nothing that the store has not seen.
func (v vector) reaches(now vector) bool {
	if len(v) != len(now) {
		return false
	}
	for p := range v {
		if v[p] > now[p] {
			return false
		}
	}
	return true
}
