package app

import "github.com/ponte-desk/ponte/bridge/store"

// PeopleOf is what OpenPeople opens, over an instance's own store, whose number of partitions a test chose.
func PeopleOf(a *App) *People {
	return &People{a.redis, a.Mailboxes, store.NewAliases(a.redis, a.Config.RedisPrefix, newID, 0, a.parts.Now), a.newReports()}
}

// ReportsOf is an instance's reports.
func ReportsOf(a *App) *Reports { return a.newReports() }

// DemoCanned is the demo's canned replies.
var DemoCanned = demoCanned
