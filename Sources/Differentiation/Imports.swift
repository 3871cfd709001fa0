import Formulas
