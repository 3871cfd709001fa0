import Rendering

@main struct Stepgrad {
  static func main() {}
}
