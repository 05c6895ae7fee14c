package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// form is a text with gaps for what names a customer.
type form struct {
	texts []string // one more than gaps
	gaps  []int    // each by its place among the casting's marks
}

// newForm finds the marks in a text.
func newForm(text string, marks []string) form {
	var f form
	for {
		at, which := -1, -1
		for i, m := range marks {
			if j := strings.Index(text, m); j >= 0 && (at < 0 || j < at) {
				at, which = j, i
			}
		}
		if at < 0 {
			f.texts = append(f.texts, text)
			return f
		}
		f.texts, f.gaps = append(f.texts, text[:at]), append(f.gaps, which)
		text = text[at+len(marks[which]):]
	}
}

// with is the text with values in its gaps.
func (f form) with(values []string) string {
	if len(f.gaps) == 0 {
		return f.texts[0]
	}
	var out strings.Builder
	for i, gap := range f.gaps {
		out.WriteString(f.texts[i])
		out.WriteString(values[gap])
	}
	out.WriteString(f.texts[len(f.gaps)])
	return out.String()
}

// place is what a played conversation left in one key of Redis.
type place struct {
	class    string // the sort of key, see classOf
	key      form
	own      bool   // the key is this conversation's alone; else it stands in it among others
	kind     string // as Redis calls it
	state    int    // which of the contents is the state, 0 = none
	contents []form // fields and values of a hash, members of a set or sorted set, entries of a list, or the text
	scores   []float64
	left     time.Duration // 0 = for good
}

// casting is a played conversation, ready to be copied.
type casting struct {
	number string
	marks  []string // what names its customer, and then the ids of its messages and comments
	places []place
}

// The marks that every casting begins with.
const (
	markContact = iota
	markPhone
	markUser
	markName
	markTicket
	markZendesk
	markPartition
)

// partitionMark stands for a partition in keys.
func partitionMark(p int) string { return "{w" + strconv.Itoa(p) + "}" }

// leave takes from the stage what was played there.
func (s *stage) leave(ctx context.Context) ([]casting, error) {
	keys, err := s.client.Keys(ctx, s.prefix+"*").Result()
	if err != nil {
		return nil, fmt.Errorf("read the stage: %w", err)
	}
	slices.Sort(keys)
	all := make([]casting, len(s.cast))
	for i, a := range s.cast {
		c := casting{number: numberOf(a.key), marks: a.marks(s.boxes.Partition(a.key))}
		for _, key := range keys {
			p, ok, err := s.place(ctx, key, a, c.marks)
			if err != nil {
				return nil, fmt.Errorf("read the stage: %s: %w", key, err)
			}
			if ok {
				c.places = append(c.places, p)
			}
		}
		all[i] = c
	}
	if err := s.client.Unlink(ctx, keys...).Err(); err != nil {
		return nil, fmt.Errorf("clear the stage: %w", err)
	}
	return all, nil
}

func (a *actor) marks(partition int) []string {
	return append([]string{
		a.contact, a.phone, a.user, a.name, strconv.FormatInt(a.ticket, 10), strconv.FormatInt(a.zendesk, 10), partitionMark(partition),
	}, a.ids...)
}

// owns tells whether a key, without its prefix, is the actor's alone.
func (a *actor) owns(rest string) bool {
	return strings.Contains(rest, a.contact) || rest == "thread:"+strconv.FormatInt(a.ticket, 10) ||
		strings.HasPrefix(rest, "alias:") && (strings.HasSuffix(rest, ":"+a.phone) || strings.HasSuffix(rest, ":"+a.user))
}

// place reads what an actor left in a key; ok is false when that is nothing.
func (s *stage) place(ctx context.Context, key string, a *actor, marks []string) (p place, ok bool, err error) {
	rest := strings.TrimPrefix(key, s.prefix)
	p = place{key: newForm(rest, marks), class: classOf(rest), own: a.owns(rest)}
	if p.kind, err = s.client.Type(ctx, key).Result(); err != nil {
		return p, false, err
	}
	shared := p.kind == "zset" && strings.HasPrefix(rest, marks[markPartition])
	if !p.own && !shared || p.class == classAnswers {
		return p, false, nil
	}
	texts, err := s.contents(ctx, key, &p)
	if err != nil {
		return p, false, err
	}
	if !p.own {
		at := slices.Index(texts, a.key)
		if at < 0 {
			return p, false, nil
		}
		texts, p.scores = texts[at:at+1], p.scores[at:at+1]
	}
	left, err := s.client.PTTL(ctx, key).Result()
	p.left = max(left, 0)
	return p, true, errors.Join(err, p.keep(texts, marks))
}

// keep keeps the contents, a state as it was before it was packed: what names a customer is to be found in it.
func (p *place) keep(texts, marks []string) error {
	for i, text := range texts {
		if p.class == classFields && i%2 == 1 && texts[i-1] == conversation.StateField {
			plain, err := conversation.StateJSON([]byte(text))
			if err != nil {
				return err
			}
			text, p.state = string(plain), i
		}
		p.contents = append(p.contents, newForm(text, marks))
	}
	return nil
}

// contents reads a key.
func (s *stage) contents(ctx context.Context, key string, p *place) (texts []string, err error) {
	switch p.kind {
	case "hash":
		fields, err := s.client.HGetAll(ctx, key).Result()
		for name, value := range fields {
			texts = append(texts, name, value)
		}
		return texts, err
	case "zset":
		members, err := s.client.ZRangeWithScores(ctx, key, 0, -1).Result()
		for _, m := range members {
			text, _ := m.Member.(string)
			texts, p.scores = append(texts, text), append(p.scores, m.Score)
		}
		return texts, err
	case "set":
		return s.client.SMembers(ctx, key).Result()
	case "list":
		return s.client.LRange(ctx, key, 0, -1).Result()
	}
	text, err := s.client.Get(ctx, key).Result()
	return []string{text}, err
}

// Sorts of keys, by what they begin with behind the prefix and the partition.
const (
	classFields     = "c:"
	classTranscript = "tx:"
	classAnswers    = "re:"
	classView       = "ix:"
)

// classOf names the sort of a key, without its prefix.
func classOf(rest string) string {
	if _, after, ok := strings.Cut(rest, "}:"); ok {
		rest = after
	}
	name, _, more := strings.Cut(rest, ":")
	if !more {
		return name
	}
	return name + ":"
}

// ofConversation tells whether a sort of key belongs to a conversation; the others name its contact and its ticket.
func ofConversation(class string) bool {
	return !strings.HasPrefix(class, "alias") && class != "contact:" && class != "thread:"
}
