package settings

import (
	"sync"
	"time"
	_ "time/tzdata" // time zones on machines that have none of their own, such as bare containers
)

// DefaultZone is the IANA name of the zone that holds where none is set.
const DefaultZone = "America/Sao_Paulo"

// saoPaulo is the default zone, read once.
var saoPaulo = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation(DefaultZone)
	if err != nil {
		return time.FixedZone("BRT", -3*60*60) // what it has been since 2019, when summer time ended
	}
	return zone
})

// DefaultOperation is what holds where nothing is set: no number has settings of its own and Zendesk's smallest plan is assumed.
func DefaultOperation() Operation {
	return Operation{Default: Default(), Account: Account{
		UpdatesPerMinute: 100, HumanShare: 0.3, AgentLimit: 5, AuditEvery: 10 * time.Minute,
		Report: Report{Period: PeriodDay, Keep: 400 * 24 * time.Hour}, Access: Access{Segmented: true},
	}}
}

// Default is what holds for every number that has no settings of its own.
func Default() Number { return DefaultIn(LanguagePT) }

// DefaultIn is Default with Ponte's own words in a language; an unknown language is pt-BR.
func DefaultIn(l Language) Number {
	if l != LanguageEN {
		l = LanguagePT
	}
	return Number{
		Name: "WhatsApp", Language: l, Provider: ProviderCloud, Mode: ModeMirror,
		Quiet: 20 * time.Second, Longest: time.Minute, StatusWait: 20 * time.Second, PerSecond: 80,
		Subject: subjectIn(l), Tags: []string{"whatsapp"},
		Zone:       saoPaulo(),
		Window:     Window{Margin: time.Minute},
		Read:       ReadNever,
		Transcript: Transcript{AtEnd: TranscriptPrivate},
		Mask:       Mask{CPF: true, Cards: true},
		Files:      Files{MostInbound: 50 << 20, MostCaption: 16 << 20},
		Keep:       Keep{Transcripts: 30 * 24 * time.Hour},
		Texts:      textsIn(l),
		Says:       saysIn(l),
	}.withProcedure().withTime()
}
