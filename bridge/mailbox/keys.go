package mailbox

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// keys names every Redis key of one installation; nothing else in the package spells one.
type keys struct {
	prefix     string
	partitions int
}

// partition tells which partition a mailbox lives in.
func (k keys) partition(mailbox string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(mailbox))
	return int(h.Sum32() % uint32(k.partitions)) // #nosec G115 -- partitions is a small positive number
}

// base is what all keys of a partition start with, hash tag included.
func (k keys) base(p int) string { return k.prefix + "{w" + strconv.Itoa(p) + "}:" }

func (k keys) due(p int) string     { return k.base(p) + "due" }
func (k keys) run(p int) string     { return k.base(p) + "run" }
func (k keys) timers(p int) string  { return k.base(p) + "tmr" }
func (k keys) halt(p int) string    { return k.base(p) + "halt" }
func (k keys) dead(p int) string    { return k.base(p) + "dead" }
func (k keys) deadMsg(p int) string { return k.base(p) + "deadmsg" }
func (k keys) changes(p int) string { return k.base(p) + "chg" }
func (k keys) counter(p int) string { return k.base(p) + "seq" }
func (k keys) gone(p int) string    { return k.base(p) + "gone" }
func (k keys) find(p int) string    { return k.base(p) + "find" }

func (k keys) inbox(p int, mailbox string) string  { return k.base(p) + "in:" + mailbox }
func (k keys) seen(p int, mailbox string) string   { return k.base(p) + "dd:" + mailbox }
func (k keys) fields(p int, mailbox string) string { return k.base(p) + "c:" + mailbox }

func (k keys) transcript(p int, name string) string { return k.base(p) + "tx:" + name }
func (k keys) index(p int, name string) string      { return k.base(p) + "ix:" + name }
func (k keys) answer(p int, id string) string       { return k.base(p) + "re:" + id }

// count is where the number of partitions chosen at install time is kept.
func (k keys) count() string { return k.prefix + "cfg:partitions" }

// mailboxOf cuts the mailbox's key out of the name of an inbox or of fields.
func (k keys) mailboxOf(redisKey string) (string, bool) {
	_, rest, ok := strings.Cut(strings.TrimPrefix(redisKey, k.prefix), "}:")
	if !ok {
		return "", false
	}
	if name, ok := strings.CutPrefix(rest, "in:"); ok {
		return name, true
	}
	return strings.CutPrefix(rest, "c:")
}
