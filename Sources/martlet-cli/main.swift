import Glibc
import Martlet

exit(MartletTool.run(Array(CommandLine.arguments.dropFirst()), .standard()).rawValue)
