import Formulas
import LinearAlgebra

// Squared errors, meaned over all entries (as in PyTorch) or summed, and their halves, whose gradient has no factor 2.

extension Operation {
  package static let mse: Operation = loss(
    "mse(Y, P, reduction=mean)", note: "squared error, mean over all entries",
    is: "L = (Σ_… (P[…] - Y[…])²) / |…|", dY: "2 * (Y - P)", dP: "2 * (P - Y)",
    traits: LossTraits(averaging: .entries, total: "sum((P - Y)**2)", isSymmetric: true),
    entry: { ($1 - $0) * ($1 - $0) })

  package static let halfMSE: Operation = loss(
    "half_mse(Y, P, reduction=mean)", note: "half the squared error, mean over all entries",
    is: "L = (Σ_… (P[…] - Y[…])² / 2) / |…|", dY: "(Y - P)", dP: "(P - Y)",
    traits: LossTraits(averaging: .entries, total: "sum((P - Y)**2 / 2)", isSymmetric: true),
    entry: { ($1 - $0) * ($1 - $0) / 2 })

  package static let sse: Operation = loss(
    "sse(Y, P, reduction=sum)", note: "squared error, summed", is: "L = Σ_… (P[…] - Y[…])²",
    dY: "2 * (Y - P)", dP: "2 * (P - Y)",
    traits: LossTraits(averaging: .none, total: "sum((P - Y)**2)", isSymmetric: true),
    entry: { ($1 - $0) * ($1 - $0) })

  package static let halfSSE: Operation = loss(
    "half_sse(Y, P, reduction=sum)", note: "half the squared error, summed",
    is: "L = Σ_… (P[…] - Y[…])² / 2", dY: "(Y - P)", dP: "(P - Y)",
    traits: LossTraits(averaging: .none, total: "sum((P - Y)**2 / 2)", isSymmetric: true),
    entry: { ($1 - $0) * ($1 - $0) / 2 })
}
