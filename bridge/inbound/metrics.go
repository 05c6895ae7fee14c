package inbound

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what comes in.
type Metrics struct {
	webhooks *prometheus.CounterVec
	events   *prometheus.CounterVec
	parked   prometheus.Counter
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ponte_webhooks_total", Help: "Webhooks by peer and what became of them.",
		}, []string{"peer", "outcome"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ponte_events_total", Help: "Events handed to mailboxes, by whether they were new.",
		}, []string{"seen"}),
		parked: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_statuses_parked_total", Help: "Delivery statuses of messages that were not known yet.",
		}),
	}
	r.MustRegister(m.webhooks, m.events, m.parked)
	return m
}
