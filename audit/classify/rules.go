package classify

import "github.com/ponte-desk/ponte/bridge/settings"

// RulesOf are the auditor's rules by the settings of a number.
func RulesOf(set settings.Number) Rules {
	return Rules{
		Wait: set.Audit.Wait, Abandoned: set.Catalogue.Abandoned, Others: set.Catalogue.Others,
		BotSolved: set.Audit.BotAbandoned == settings.BotSolve, BotTag: set.Audit.BotTag,
	}
}
