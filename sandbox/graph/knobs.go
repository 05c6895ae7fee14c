package graph

import (
	"errors"
	"time"
)

// The ways in which the business learns of an error.
const (
	wayAnswer = "answer" // of the call
	wayStatus = "status" // failed, after the message was accepted
)

// Knobs choose among the ways in which WhatsApp might behave, and make webhooks arrive in less pleasant ones. They are
// kept across restarts; zero values are what the documentation says.
type Knobs struct {
	// Repeat is how often each update is delivered again after it was taken.
	Repeat int `json:"repeat"`
	// Shuffle lets updates overtake each other within 2 seconds.
	Shuffle bool `json:"shuffle"`
	// DropPercent is how many of a hundred deliveries never arrive; they are retried like any that failed.
	DropPercent int `json:"drop_percent"`
	// DelayMS is added before the first delivery of each update, on the sandbox's clock.
	DelayMS int `json:"delay_ms"`
	// Batch is how many updates one webhook may carry, 1 to 1000; 0 leaves it as it is.
	Batch int `json:"batch"`
	// CountUTF16 has text limits count UTF-16 units instead of characters; Meta does not say which.
	CountUTF16 bool `json:"count_utf16"`
	// ReactionsOpenWindow has a reaction open the 24-hour window; Meta does not say whether it does.
	ReactionsOpenWindow bool `json:"reactions_open_window"`
	// WindowError is how a free-form message outside the 24 hours fails: "status", the default, or "answer".
	WindowError string `json:"window_error"`
	// PerSecond is how many messages a number may exchange in a second, in and out; 0 is 80, -1 has no limit.
	PerSecond int `json:"per_second"`
	// PairIntervalMS is how long one message to the same customer takes from what may be sent; 0 is 6000.
	PairIntervalMS int `json:"pair_interval_ms"`
	// PairBurst is how many may be sent to the same customer at once; 0 is 45, -1 has no limit.
	PairBurst int `json:"pair_burst"`
	// RealEdits has a customer's edit arrive with its new text, as documented, instead of as an unsupported message.
	RealEdits bool `json:"real_edits"`
	// NoPreviousID leaves previous_user_id out of system messages, as before August 2026.
	NoPreviousID bool `json:"no_previous_id"`
	// SkipDelivered has phones that read by themselves report a message as read without delivered before.
	SkipDelivered bool `json:"skip_delivered"`
	// AnyMedia accepts files whose content is not what their MIME type says.
	AnyMedia bool `json:"any_media"`
}

func (k Knobs) validate() error {
	switch {
	case k.Repeat < 0 || k.Repeat > 100 || k.DropPercent < 0 || k.DropPercent > 100:
		return errors.New("repeat and drop_percent go from 0 to 100")
	case k.DelayMS < 0 || k.PairIntervalMS < 0:
		return errors.New("delay_ms and pair_interval_ms go from 0")
	case k.Batch < 0 || k.Batch > maxBatch:
		return errors.New("batch goes from 0 to 1000")
	case k.PerSecond < -1 || k.PairBurst < -1:
		return errors.New("per_second and pair_burst go from -1")
	case k.WindowError != "" && k.WindowError != wayAnswer && k.WindowError != wayStatus:
		return errors.New("window_error is answer or status")
	}
	return nil
}

// perSecond returns the limit of a number's messages, 0 for none.
func (k Knobs) perSecond() int { return limit(k.PerSecond, throughput) }

// pair returns the limits of the messages to one customer; a burst of 0 has none.
func (k Knobs) pair() (interval time.Duration, burst int) {
	interval = time.Duration(k.PairIntervalMS) * time.Millisecond
	if interval == 0 {
		interval = pairInterval
	}
	return interval, limit(k.PairBurst, pairBurst)
}

func limit(chosen, documented int) int {
	switch chosen {
	case -1:
		return 0
	case 0:
		return documented
	}
	return chosen
}

// Knobs returns the present settings.
func (s *Server) Knobs() Knobs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.knobs
}

// SetKnobs replaces the settings; updates that wait already keep their time.
func (s *Server) SetKnobs(k Knobs) error {
	if err := k.validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.Batch == 0 {
		k.Batch = s.knobs.Batch
	}
	if err := s.cfg.Store.Put(kindKnobs, "1", k); err != nil {
		return err
	}
	s.knobs = k
	return nil
}
