package inbound

import "github.com/prometheus/client_golang/prometheus"

// What became of a webhook, as metrics name it.
const (
	outcomeAccepted    = "accepted"
	outcomeSignature   = "signature"
	outcomeMalformed   = "malformed"
	outcomeUnavailable = "unavailable"
	outcomeForeign     = "foreign" // of numbers that the sender does not carry
	outcomeIgnored     = "ignored" // about nothing that concerns us
	outcomeOwn         = "own"     // about our own doing
)

// Metrics counts what comes in.
type Metrics struct {
	webhooks   *prometheus.CounterVec
	fresh      prometheus.Counter
	duplicates prometheus.Counter
	parked     prometheus.Counter
	foreign    prometheus.Counter
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	events := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ponte_events_total", Help: "Events handed to mailboxes, by whether they were new.",
	}, []string{"seen"})
	m := &Metrics{
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ponte_webhooks_total", Help: "Webhooks by peer and what became of them.",
		}, []string{"peer", "outcome"}),
		fresh: events.WithLabelValues("new"), duplicates: events.WithLabelValues("duplicate"),
		parked: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_statuses_parked_total", Help: "Delivery statuses of messages that were not known yet.",
		}),
		foreign: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_updates_foreign_total", Help: "Updates of unsigned webhooks for numbers that their sender does not carry: let go.",
		}),
	}
	r.MustRegister(m.webhooks, events, m.parked, m.foreign)
	return m
}

// outcome counts one webhook.
func (m *Metrics) outcome(peer, what string) { m.webhooks.WithLabelValues(peer, what).Inc() }
