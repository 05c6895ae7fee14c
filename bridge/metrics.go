package bridge

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Metrics counts what the engine does.
type Metrics struct {
	effects    *prometheus.CounterVec
	latency    *prometheus.HistogramVec
	reasons    *prometheus.CounterVec
	repeats    prometheus.Counter
	leasesLost prometheus.Counter
	halted     prometheus.Counter
	panics     prometheus.Counter
}

// NewMetrics makes the engine's metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		effects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ponte_effects_total", Help: "Attempts at effects by kind and outcome.",
		}, []string{"kind", "outcome"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ponte_effect_seconds", Help: "How long attempts at effects took.", Buckets: prometheus.ExponentialBuckets(0.005, 2.5, 10),
		}, []string{"kind"}),
		reasons: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ponte_decisions_total", Help: "Decisions by event and reason.",
		}, []string{"event", "reason"}),
		repeats: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_repeated_messages_total", Help: "Agents' words sent again after an uncertain outcome.",
		}),
		leasesLost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_leases_lost_total", Help: "Sessions that ended because another worker had taken over.",
		}),
		halted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_mailboxes_halted_total", Help: "Mailboxes halted after failing three times in a row.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_panics_total", Help: "Panics caught in decisions and effects.",
		}),
	}
	r.MustRegister(m.effects, m.latency, m.reasons, m.repeats, m.leasesLost, m.halted, m.panics)
	return m
}

func (m *Metrics) effect(r conversation.Result, took time.Duration) {
	m.effects.WithLabelValues(string(r.Kind), string(r.Outcome)).Inc()
	m.latency.WithLabelValues(string(r.Kind)).Observe(took.Seconds())
	if r.Repeated {
		m.repeats.Inc()
	}
}
