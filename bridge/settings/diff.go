package settings

import (
	"maps"
	"slices"
)

// Change is one setting that differs.
type Change struct {
	// Path is the setting, such as default.window.margin.
	Path string
	// From and To are its values as they stand in the file; "" = it does not apply.
	From, To string
}

// How a Change tells that a number came to have settings of its own, or has none any more.
const ownSettings = "own settings"

// Diff lists what is different in b, in the file's order: first the account, then the default, then the single numbers. A number
// that only follows a change of the default is not listed, nor are Ponte's own words that follow the language.
func Diff(a, b Operation) []Change {
	all := differ("account", a.Account, b.Account, accountLeaves())
	leaves := numberLeaves()
	general := differNumber("default", a.Default, b.Default, leaves)
	all = append(all, general...)
	ids := make(map[string]bool)
	for _, o := range []Operation{a, b} {
		for id := range o.Numbers {
			ids[id] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		path := "numbers." + id
		_, had := a.Numbers[id]
		_, has := b.Numbers[id]
		switch {
		case !had:
			all = append(all, Change{Path: path, To: ownSettings})
		case !has:
			all = append(all, Change{Path: path, From: ownSettings})
		}
		for _, c := range differNumber("", a.Of(id), b.Of(id), leaves) {
			if !slices.Contains(general, Change{Path: "default" + c.Path, From: c.From, To: c.To}) {
				c.Path = path + c.Path
				all = append(all, c)
			}
		}
	}
	return all
}

// differ compares the settings of one level.
func differ[T any](path string, a, b T, leaves []leaf[T]) []Change {
	var all []Change
	for _, l := range leaves {
		if from, to := l.text(a), l.text(b); from != to {
			all = append(all, Change{Path: path + "." + l.path, From: from, To: to})
		}
	}
	return all
}

// differNumber leaves out the words that were Ponte's own and still are.
func differNumber(path string, a, b Number, leaves []leaf[Number]) []Change {
	ownA, ownB := DefaultIn(a.Language), DefaultIn(b.Language)
	return differ(path, a, b, slices.DeleteFunc(slices.Clone(leaves), func(l leaf[Number]) bool {
		return l.own && l.text(a) == l.text(ownA) && l.text(b) == l.text(ownB)
	}))
}
