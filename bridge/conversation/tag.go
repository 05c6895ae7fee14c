package conversation

import (
	"slices"
	"strings"
	"unicode"
)

// MostTag is the longest tag, in characters.
const MostTag = 100

// NormalTag is a tag in the form under which Zendesk keeps it: in lower case, with underscores for spaces. ok is false when it can't be
// one: it is empty, too long, or has characters other than letters, digits, "_", "-", ":" and "/".
func NormalTag(written string) (tag string, ok bool) {
	tag = strings.Join(strings.Fields(strings.ToLower(written)), "_")
	if tag == "" || len([]rune(tag)) > MostTag {
		return tag, false
	}
	strange := strings.ContainsFunc(tag, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("_-:/", r)
	})
	return tag, !strange
}

// joinTags is a list of tags with more of them and without some.
func joinTags(list, more, without []string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(tag string) bool { return slices.Contains(without, tag) })
	for _, tag := range more {
		if !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// Tag puts tags on the conversation and takes others off, all in their normal form. It tells which of them that changed.
func (c *Conversation) Tag(add, remove []string) (added, removed []string) {
	for _, tag := range add {
		if !slices.Contains(c.Tags, tag) && !slices.Contains(added, tag) {
			added = append(added, tag)
		}
	}
	for _, tag := range remove {
		if slices.Contains(c.Tags, tag) && !slices.Contains(removed, tag) {
			removed = append(removed, tag)
		}
	}
	c.Tags = joinTags(c.Tags, added, removed)
	return added, removed
}
