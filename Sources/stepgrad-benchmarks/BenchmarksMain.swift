import Rendering

@main struct Benchmarks {
  static func main() {}
}
